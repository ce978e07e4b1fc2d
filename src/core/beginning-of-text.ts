import type { PromptSegment } from './prompt-format.ts';

/** What a model knows of the token that begins a text. */
export interface TextBeginning {
  readonly bosText?: string | undefined;
  /** Default: false. */
  readonly addsBos?: boolean | undefined;
}

/** The token that the model's tokenizer puts before a text of its own accord: one segment, or none. */
export function beginningOfText({ bosText, addsBos = false }: TextBeginning): readonly PromptSegment[] {
  return addsBos && bosText !== undefined ? [{ text: bosText, control: true }] : [];
}
