import type { PairDiagnosis } from './diagnose-pair.ts';

/**
 * Above about this share of nudged tokens pairs do badly, and the worse the more they are nudged (BlendIn, arXiv
 * 2606.11201, by nudging at γ = 0.4 as here).
 */
export const NUDGED_BOUND = 0.2;

export interface PairVerdict {
  readonly match: 'good' | 'bad';
  /** What was found, what it means, and what it does not mean; a sentence or two each. */
  readonly sentences: readonly string[];
}

export function pairVerdict({ prompts, maxTokens, nudgedShare, draftedShare }: PairDiagnosis): PairVerdict {
  const match = nudgedShare > NUDGED_BOUND ? 'bad' : 'good';
  const found = `Nudging took ${percent(nudgedShare)} of the tokens from the draft (${prompts} prompts, up to ${maxTokens} tokens each).`;
  const meaning = {
    good: 'That is at most the 20% up to which pairs work well by the finding of BlendIn (arXiv 2606.11201): a good match.',
    bad: 'That is above the 20% from which pairs do badly by the finding of BlendIn (arXiv 2606.11201): a bad match; the base is unsure too often, so try another base or draft.',
  }[match];
  return {
    match,
    sentences: [
      `${found} ${meaning}`,
      `In weak-to-strong decoding the draft wrote ${percent(draftedShare)} of the first ${maxTokens} tokens. No bound is known for that share, and BlendIn's does not apply: here the draft is meant to write the beginning, up to where the criterion holds, so a high share of a short response is no fault. "wellbegun calibrate" shows where other criteria would switch.`,
      'Take the verdict for a hint: the finding comes from models of 3B to 9B on six test sets, and on safety prompts pairs that did well were above the bound as well.',
    ],
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
