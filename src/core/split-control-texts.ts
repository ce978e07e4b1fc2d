import { anyOfPattern } from './any-of-pattern.ts';
import type { PromptText } from './prompt-format.ts';

/** A control token's text, or plain text. */
export interface PromptPart {
  readonly text: string;
  readonly isControlToken: boolean;
}

/** Splits a prompt at the control tokens of its `control` segments. */
export function splitControlTexts(prompt: PromptText, controlTexts: readonly string[]): PromptPart[] {
  return splitAtControlPattern(prompt, anyOfPattern(controlTexts));
}

/**
 * The same for a vocabulary that keeps its pattern (`anyOfPattern`), which is long. Neighbouring plain texts become one,
 * so that they are tokenised together.
 */
export function splitAtControlPattern(prompt: PromptText, pattern: RegExp | undefined): PromptPart[] {
  const parts: PromptPart[] = [];
  for (const { text, control } of prompt) {
    const pieces = control && pattern ? text.split(pattern) : [text];
    // The pattern captures what it splits at: every second piece is a control token's text.
    for (const [i, piece] of pieces.entries()) addPart(parts, { text: piece, isControlToken: i % 2 === 1 });
  }
  return parts;
}

function addPart(parts: PromptPart[], part: PromptPart): void {
  const last = parts.at(-1);
  if (part.text === '') return;
  if (!last || last.isControlToken || part.isControlToken) parts.push(part);
  else parts[parts.length - 1] = { text: last.text + part.text, isControlToken: false };
}
