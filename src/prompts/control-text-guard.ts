import { anyOfPattern } from '../core/any-of-pattern.ts';
import type { ChatMessage, PromptSegment } from '../core/prompt-format.ts';

/** Private-use characters that stand for control texts while a template is rendered. */
const OPEN = '\u{F0000}';
const CLOSE = '\u{F0001}';

/**
 * Keeps what a person wrote from being read as control tokens: hides their texts from the template, and gives them back
 * as plain segments.
 */
export class ControlTextGuard {
  readonly #controlTexts: readonly string[];
  readonly #pattern: RegExp | undefined;

  constructor(controlTexts: readonly string[]) {
    this.#controlTexts = controlTexts;
    this.#pattern = anyOfPattern(controlTexts);
  }

  hideAll(messages: readonly ChatMessage[]): ChatMessage[] {
    return messages.map((message) => ({ ...message, content: this.#hide(message.content) }));
  }

  segments(rendered: string): PromptSegment[] {
    const parts = rendered.split(new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'u'));
    return parts
      .map((part, i) =>
        i % 2 === 0 ? { text: part, control: true } : { text: this.#controlTexts[Number(part)] ?? '', control: false },
      )
      .filter(({ text }) => text !== '');
  }

  #hide(content: string): string {
    const clean = content.replaceAll(OPEN, '').replaceAll(CLOSE, '');
    if (!this.#pattern) return clean;
    return clean.replace(this.#pattern, (match) => `${OPEN}${this.#controlTexts.indexOf(match)}${CLOSE}`);
  }
}
