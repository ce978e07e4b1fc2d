import type { FinishReason } from '../core/language-model.ts';

/** In OpenAI's words, which have none for a loop: clients then learn that the text was cut. */
export function toFinishReason(reason: FinishReason): Exclude<FinishReason, 'loop'> {
  return reason === 'loop' ? 'length' : reason;
}
