import { beginningOfText, type TextBeginning } from '../core/beginning-of-text.ts';
import type { ChatMessage, FormattedPrompt, PromptFormat } from '../core/prompt-format.ts';

/** What stands before the text of each turn. */
export const HEADINGS = { system: '[System]', user: '[User]', assistant: '[Assistant]' } as const;

const STOPS = ['\n\n', '\n', ''].flatMap((blank) => Object.values(HEADINGS).map((heading) => blank + heading));

/**
 * The paper's form of a conversation for a base model: BOS where its tokenizer adds one, then `\n\n[User]\n{text}\n\n[Assistant]\n` per turn, with
 * trimmed contents, and the headings as stop strings. A trailing assistant message is the beginning of the answer.
 */
export function plainForm(beginning: TextBeginning): PromptFormat {
  return {
    format(messages): FormattedPrompt {
      const turns = messages.map(turn).join('');
      const open = messages.at(-1)?.role === 'assistant' ? '' : `\n\n${HEADINGS.assistant}\n`;
      return { text: [...beginningOfText(beginning), { text: turns + open, control: false }], stop: STOPS };
    },
  };
}

function turn({ role, content }: ChatMessage): string {
  return `\n\n${HEADINGS[role]}\n${content.trim()}`;
}
