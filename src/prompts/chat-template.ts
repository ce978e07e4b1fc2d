import { beginningOfText } from '../core/beginning-of-text.ts';
import { settingName } from '../core/setting-name.ts';
import { ConfigError, ContextOverflowError, ModelFileError, WellbegunError } from '../core/errors.ts';
import type { ChatMessage, PromptFormat, PromptSegment } from '../core/prompt-format.ts';
import { BoundedInterpreter, RaisedByTemplate } from './bounded-interpreter.ts';
import { ControlTextGuard } from './control-text-guard.ts';
import { LimitExceeded } from './limit-exceeded.ts';
import { parseTemplate, type Template } from './parse-template.ts';
import { withTimeLimit } from './with-time-limit.ts';

/** A template comes with a model file or from a user, and may loop for ever. Real ones take a few milliseconds. */
const LIMIT_MS = 1000;
/** Characters; real ones have some ten thousand. */
const SOURCE_LIMIT = 256 * 1024;
/** Characters. A conversation of more is itself at fault where a limit is exceeded. */
const LONG_CONVERSATION = 1_000_000;

export interface ChatTemplateOptions {
  /** Jinja source. */
  readonly source: string;
  /** For messages, e.g. the model's name. */
  readonly owner: string;
  readonly bosText?: string | undefined;
  /** True: the model's tokenizer begins a text with `bosText`; it is put first where the template does not write it. */
  readonly addsBos?: boolean | undefined;
  readonly eosText?: string | undefined;
  /** Control tokens' texts, which a message can't forge. */
  readonly controlTexts: readonly string[];
  /** Texts that end the response, for templates whose end of turn is no control token. */
  readonly stop?: readonly string[];
  /** True: a trailing assistant message is the whole answer. Its turn is closed, and none is opened after it. */
  readonly complete?: boolean;
  /** True: the model brought it. Default: a user gave it. */
  readonly own?: boolean;
  /** The user's file that it was read from, for messages. */
  readonly file?: string | undefined;
  /** What a user writes to give another one, for messages. */
  readonly replacement?: string;
}

/**
 * A model's own form of a conversation, as its Jinja chat template says. A trailing assistant message is the beginning
 * of the answer, unless the form is of complete conversations.
 *
 * A template is a stranger's program. Bounded are its length, the time to parse and to render it, a second each, and what
 * rendering takes of memory (see `BoundedInterpreter`).
 *
 * @throws ModelFileError for a model's own template that can't be used; ConfigError for a user's, and for a conversation
 * that a template can't render or refuses; ContextOverflowError for one that is too long for any template
 */
export function chatTemplate(options: ChatTemplateOptions): PromptFormat {
  const { controlTexts, stop = [] } = options;
  const template = guarded(options, () => usable(options), options.own ? ModelFileError : ConfigError);
  const guard = new ControlTextGuard(controlTexts);
  return {
    format(messages) {
      const [turns, beginning] = options.complete ? [messages, []] : splitBeginning(messages);
      const rendered = guarded(options, () => renderTurns(template, options, guard.hideAll(turns)));
      const segments = guard.segments(rendered);
      return { text: [...missingBeginning(options, segments), ...segments, ...beginning], stop };
    },
  };
}

/** As llama.cpp has it: a conversation begins once with what begins a text, whoever writes it. */
function missingBeginning({ bosText, addsBos }: ChatTemplateOptions, [first]: readonly PromptSegment[]) {
  const isWritten = first?.control === true && bosText !== undefined && first.text.startsWith(bosText);
  return isWritten ? [] : beginningOfText({ bosText, addsBos });
}

/** Parsed, and rendered once: what fails on a mere question fails on all. */
function usable(options: ChatTemplateOptions): Template {
  const template = parse(options.source);
  try {
    const rendered = render(template, options, [{ role: 'user', content: 'Hello.' }]);
    if (rendered === '') throw new Error('it renders a question to nothing');
  } catch (error) {
    if (!(error instanceof RaisedByTemplate)) throw error;
  }
  return template;
}

function parse(source: string): Template {
  if (source.length > SOURCE_LIMIT) throw new Error(`it has more than ${SOURCE_LIMIT} characters`);
  return withTimeLimit(LIMIT_MS, () => parseTemplate(source));
}

function renderTurns(template: Template, options: ChatTemplateOptions, turns: readonly ChatMessage[]): string {
  try {
    return render(template, options, turns);
  } catch (cause) {
    const characters = turns.reduce((sum, { content }) => sum + content.length, 0);
    if (!(cause instanceof LimitExceeded) || characters <= LONG_CONVERSATION) throw cause;
    throw new ContextOverflowError(
      'prompt-too-long',
      `The prompt has ${characters} characters, too many for the chat template of ${options.owner} (${cause.message}): shorten it.`,
      { cause },
    );
  }
}

function render(template: Template, options: ChatTemplateOptions, messages: readonly ChatMessage[]): string {
  const values = {
    messages: messages.map((message) => ({ ...message })),
    tools: null,
    documents: null,
    bos_token: options.bosText ?? '',
    eos_token: options.eosText ?? '',
    add_generation_prompt: !options.complete,
  };
  return withTimeLimit(LIMIT_MS, () => String(new BoundedInterpreter(values).run(template).value));
}

function splitBeginning(messages: readonly ChatMessage[]): [readonly ChatMessage[], PromptSegment[]] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return [messages, []];
  return [messages.slice(0, -1), [{ text: last.content, control: false }]];
}

function guarded<T>(
  { owner, file, replacement = `${settingName('template')} FILE` }: ChatTemplateOptions,
  work: () => T,
  Failure: typeof ConfigError | typeof ModelFileError = ConfigError,
): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof WellbegunError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const [name, mend] = file === undefined ? [`of ${owner}`, ''] : [`${file} for ${owner}`, 'mend it, or '];
    throw new Failure(
      'bad-chat-template',
      `The chat template ${name} can't be used (${reason}): ${mend}give another one with ${replacement}.`,
      { cause },
    );
  }
}
