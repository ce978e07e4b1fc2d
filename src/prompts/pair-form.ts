import type { ChatMessage, PromptFormat } from '../core/prompt-format.ts';
import { HEADINGS } from './plain-form.ts';

export interface PairFormOptions {
  /** Texts of the control tokens before, between and after the two. */
  readonly begin: readonly string[];
  readonly between: readonly string[];
  readonly end: readonly string[];
}

/**
 * A conversation as the pair of texts that a cross-encoder was trained on: what was asked, and the answer, the last
 * message. A single question stands as it is; of several turns, each has its heading.
 */
export function pairForm({ begin, between, end }: PairFormOptions): PromptFormat {
  const control = (texts: readonly string[]) => texts.map((text) => ({ text, control: true }));
  const plain = (text: string) => [{ text, control: false }];
  return {
    format(messages) {
      const asked = question(messages.slice(0, -1));
      const answer = messages.at(-1)?.content ?? '';
      return {
        text: [...control(begin), ...plain(asked), ...control(between), ...plain(answer), ...control(end)],
        stop: [],
      };
    },
  };
}

function question(messages: readonly ChatMessage[]): string {
  const [first, ...others] = messages;
  if (first && others.length === 0) return first.content;
  return messages.map(({ role, content }) => `${HEADINGS[role]}\n${content.trim()}`).join('\n\n');
}
