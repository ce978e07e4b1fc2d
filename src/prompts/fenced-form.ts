import { beginningOfText, type TextBeginning } from '../core/beginning-of-text.ts';
import type { ChatMessage, FormattedPrompt, PromptFormat } from '../core/prompt-format.ts';

/** What stands before the text of each turn. */
export const FENCED_HEADINGS = { system: '# Instruction', user: '# Query:', assistant: '# Answer:' } as const;

const FENCE = '```';
/** The end of an answer and the beginning of another question; a fence alone may belong to an answer's own code. */
const STOPS = [`\n${FENCE}\n\n${FENCED_HEADINGS.user}`, `\n${FENCE}\n${FENCED_HEADINGS.user}`, FENCED_HEADINGS.user];

/**
 * The form of the prompts that the authors of URIAL publish: BOS where the tokenizer adds one, a heading for each turn,
 * and queries and answers in fences, of which the last one is open. A trailing assistant message is the beginning of the
 * answer.
 */
export function fencedForm(beginning: TextBeginning): PromptFormat {
  return {
    format(messages): FormattedPrompt {
      const isBegun = messages.at(-1)?.role === 'assistant';
      const turns = messages.map((message, i) => turn(message, isBegun && i === messages.length - 1));
      const text = [...turns, ...(isBegun ? [] : [`${FENCED_HEADINGS.assistant}\n${FENCE}\n`])].join('\n\n');
      return { text: [...beginningOfText(beginning), { text, control: false }], stop: STOPS };
    },
  };
}

function turn({ role, content }: ChatMessage, isOpen: boolean): string {
  const text = content.trim();
  if (role === 'system') return `${FENCED_HEADINGS.system}\n\n${text}`;
  return `${FENCED_HEADINGS[role]}\n${FENCE}\n${text}${isOpen ? '' : `\n${FENCE}`}`;
}
