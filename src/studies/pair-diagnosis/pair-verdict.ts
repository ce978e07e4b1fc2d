import type { PairDiagnosis } from './diagnose-pair.ts';

/**
 * Above about this share of nudged tokens pairs do badly, and the worse the more they are nudged (BlendIn, arXiv
 * 2606.11201, by nudging at γ = 0.4 as here).
 */
export const NUDGED_BOUND = 0.2;

export interface PairVerdict {
  /** `unclear` above the bound: the finding tells pairs apart that differ from many that work. */
  readonly match: 'good' | 'unclear';
  /** What was found, what it means, and what to do; a sentence or more each. */
  readonly sentences: readonly string[];
}

const MEANING = {
  good: 'That is at most the 20% up to which pairs work well by the finding of BlendIn (arXiv 2606.11201): a good sign for nudging with this pair.',
  unclear:
    'That is above the 20% from which pairs do badly by the finding of BlendIn (arXiv 2606.11201). It was found for nudging, with models of 3B to 9B on six test sets, and pairs above it did well on safety prompts. A small base is unsure more often whatever the draft, so for a base under 3B the share says little.',
} as const;

export function pairVerdict({ prompts, maxTokens, nudgedShare, draftedShare }: PairDiagnosis): PairVerdict {
  const match = nudgedShare > NUDGED_BOUND ? 'unclear' : 'good';
  const found = `Nudging took ${percent(nudgedShare)} of the tokens from the draft (${prompts} prompts, up to ${maxTokens} tokens each).`;
  const drafted = `In weak-to-strong decoding the draft wrote ${percent(draftedShare)} of the first ${maxTokens} tokens.`;
  return {
    match,
    sentences: [
      `${found} ${MEANING[match]}`,
      `${drafted} No bound is known for that share: the draft is meant to write the beginning, up to where the criterion holds, so a high share of a short response is no fault.`,
      'Neither share measures how good the answers are. To see that, run "wellbegun evaluate prompts.jsonl -o out --strategies base draft wsd" on your own prompts, with --judge for a reward model; "wellbegun calibrate" shows where other criteria would switch.',
    ],
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}
