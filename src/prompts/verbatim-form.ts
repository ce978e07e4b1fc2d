import { beginningOfText, type TextBeginning } from '../core/beginning-of-text.ts';
import type { PromptFormat } from '../core/prompt-format.ts';

/** One text in place of any conversation, after BOS where the tokenizer adds one; it has no stop strings. */
export function verbatimForm(beginning: TextBeginning, text: string): PromptFormat {
  const prompt = [...beginningOfText(beginning), { text, control: false }];
  return { format: () => ({ text: prompt, stop: [] }) };
}
