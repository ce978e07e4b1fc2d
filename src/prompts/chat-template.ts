import { Template } from '@huggingface/jinja';
import { ConfigError, ModelFileError } from '../core/errors.ts';
import type { ChatMessage, PromptFormat, PromptSegment } from '../core/prompt-format.ts';
import { BoundedInterpreter, RaisedByTemplate } from './bounded-interpreter.ts';
import { ControlTextGuard } from './control-text-guard.ts';
import { withTimeLimit } from './with-time-limit.ts';

/** A template comes with a model file or from a user, and may loop for ever. Real ones take a few milliseconds. */
const LIMIT_MS = 1000;
/** Characters; real ones have some ten thousand. */
const SOURCE_LIMIT = 256 * 1024;

export interface ChatTemplateOptions {
  /** Jinja source. */
  readonly source: string;
  /** For messages, e.g. the model's name. */
  readonly owner: string;
  readonly bosText?: string | undefined;
  readonly eosText?: string | undefined;
  /** Control tokens' texts, which a message can't forge. */
  readonly controlTexts: readonly string[];
  /** Texts that end the response, for templates whose end of turn is no control token. */
  readonly stop?: readonly string[];
  /** True: a trailing assistant message is the whole answer. Its turn is closed, and none is opened after it. */
  readonly complete?: boolean;
  /** True: the model brought it. Default: a user gave it. */
  readonly own?: boolean;
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
 * that a template can't render or refuses
 */
export function chatTemplate(options: ChatTemplateOptions): PromptFormat {
  const { controlTexts, stop = [] } = options;
  const template = guarded(options, () => usable(options), options.own ? ModelFileError : ConfigError);
  const guard = new ControlTextGuard(controlTexts);
  return {
    format(messages) {
      const [turns, beginning] = options.complete ? [messages, []] : splitBeginning(messages);
      const rendered = guarded(options, () => render(template, options, guard.hideAll(turns)));
      return { text: [...guard.segments(rendered), ...beginning], stop };
    },
  };
}

/** Parsed, and rendered once: what fails on a mere question fails on all. */
function usable(options: ChatTemplateOptions): Template {
  const template = parse(options.source);
  try {
    render(template, options, [{ role: 'user', content: 'Hello.' }]);
  } catch (error) {
    if (!(error instanceof RaisedByTemplate)) throw error;
  }
  return template;
}

function parse(source: string): Template {
  if (source.length > SOURCE_LIMIT) throw new Error(`it has more than ${SOURCE_LIMIT} characters`);
  return withTimeLimit(LIMIT_MS, () => new Template(source));
}

function render(template: Template, options: ChatTemplateOptions, messages: readonly ChatMessage[]): string {
  const values = {
    messages: messages.map((message) => ({ ...message })),
    bos_token: options.bosText ?? '',
    eos_token: options.eosText ?? '',
    add_generation_prompt: !options.complete,
  };
  return withTimeLimit(LIMIT_MS, () => String(new BoundedInterpreter(values).run(template.parsed).value));
}

function splitBeginning(messages: readonly ChatMessage[]): [readonly ChatMessage[], PromptSegment[]] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return [messages, []];
  return [messages.slice(0, -1), [{ text: last.content, control: false }]];
}

function guarded<T>(
  { owner, replacement = '--template FILE' }: ChatTemplateOptions,
  work: () => T,
  Failure: typeof ConfigError | typeof ModelFileError = ConfigError,
): T {
  try {
    return work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'bad-chat-template',
      `The chat template of ${owner} can't be used (${reason}): give another one with ${replacement}.`,
      { cause },
    );
  }
}
