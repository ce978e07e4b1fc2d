import { chunkedSchedule, type PairCosts, predictRatio, referenceSchedule } from './cost-model.ts';

/** The paper's pair, Llama 3.2 3B before Llama 3.1 70B: billions of weights. */
const DRAFT_WEIGHTS = 3.2;
const BASE_WEIGHTS = 70.6;

/**
 * Tokens up to which a pass over 16-bit weights takes as long as one token's: a GPU that computes 990 and reads 3.35
 * tera (operations, bytes) a second does 295 operations in the time of a byte; a token asks for one a byte. Half of that
 * is reached in practice.
 */
const FREE_TOKENS = 150;

/** In units of a generated base token: on such a GPU reading the weights is what takes time. */
export const PAPER_PAIR_ON_GPUS: PairCosts = {
  draftPromptMs: DRAFT_WEIGHTS / BASE_WEIGHTS,
  basePromptMs: 1,
  draftMsPerToken: DRAFT_WEIGHTS / BASE_WEIGHTS,
  baseMsPerToken: 1,
  scoreMs: (tokens) => (tokens === 0 ? 0 : Math.max(1, tokens / FREE_TOKENS)),
  baseTokensPerDraftToken: 1,
};

/** The same proportions where scoring costs what it was measured to cost here, over a generated token of that base. */
export function paperPairScoringAs({ scoreMs, baseMsPerToken, basePromptMs }: PairCosts): PairCosts {
  return {
    ...PAPER_PAIR_ON_GPUS,
    basePromptMs: basePromptMs / baseMsPerToken,
    scoreMs: (tokens) => scoreMs(tokens) / baseMsPerToken,
  };
}

export interface PaperPrediction {
  readonly k: number;
  readonly length: number;
  readonly chunked: number;
  readonly reference: number;
}

/** The paper's limit of the draft. */
const DRAFT_LIMIT = 512;

export function predictPaperPair(costs: PairCosts, k: number, length: number): PaperPrediction {
  return {
    k,
    length,
    chunked: predictRatio(k, length, chunkedSchedule(k, costs), costs),
    reference: predictRatio(k, length, referenceSchedule(DRAFT_LIMIT, costs), costs),
  };
}

/** The k at which the reference schedule takes `ratio` of the base alone; undefined where none does. */
export function switchFor(ratio: number, length: number, costs: PairCosts): number | undefined {
  const all = Array.from({ length: Math.min(length, DRAFT_LIMIT) }, (_, i) => i + 1);
  return all.find((k) => predictPaperPair(costs, k, length).reference <= ratio);
}
