import { runInNewContext } from 'node:vm';
import { Template } from '@huggingface/jinja';
import { ConfigError } from '../core/errors.ts';
import type { ChatMessage, PromptFormat, PromptSegment } from '../core/prompt-format.ts';
import { ControlTextGuard } from './control-text-guard.ts';

/** A template comes with a model file or from a user, and may loop for ever. Real ones take a few milliseconds. */
const RENDER_LIMIT_MS = 1000;
/** Characters; beyond every context length in use. */
const OUTPUT_LIMIT = 16_000_000;

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
}

/**
 * A model's own form of a conversation, as its Jinja chat template says. A trailing assistant message is the beginning
 * of the answer, unless the form is of complete conversations.
 *
 * @throws ConfigError for a template that can't be parsed, or rendered within a second
 */
export function chatTemplate(options: ChatTemplateOptions): PromptFormat {
  const { owner, controlTexts, stop = [] } = options;
  const template = guarded(owner, () => new Template(options.source));
  const guard = new ControlTextGuard(controlTexts);
  return {
    format(messages) {
      const [turns, beginning] = options.complete ? [messages, []] : splitBeginning(messages);
      const rendered = guarded(owner, () => render(template, options, guard.hideAll(turns)));
      return { text: [...guard.segments(rendered), ...beginning], stop };
    },
  };
}

function render(template: Template, options: ChatTemplateOptions, messages: readonly ChatMessage[]): string {
  const values = {
    messages: messages.map((message) => ({ ...message })),
    bos_token: options.bosText ?? '',
    eos_token: options.eosText ?? '',
    add_generation_prompt: !options.complete,
  };
  const text = withTimeLimit(() => template.render(values));
  if (text.length > OUTPUT_LIMIT) throw new Error(`it writes more than ${OUTPUT_LIMIT} characters`);
  return text;
}

function splitBeginning(messages: readonly ChatMessage[]): [readonly ChatMessage[], PromptSegment[]] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return [messages, []];
  return [messages.slice(0, -1), [{ text: last.content, control: false }]];
}

/** The time limit of `vm` stops the whole call, whichever context its functions come from. */
function withTimeLimit(work: () => string): string {
  return runInNewContext('work()', { work }, { timeout: RENDER_LIMIT_MS }) as string;
}

function guarded<T>(owner: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      'bad-chat-template',
      `The chat template of ${owner} can't be used: ${reason}. Give another one with --template or --draft-template.`,
      { cause },
    );
  }
}
