import { CapabilityError } from '../../core/errors.ts';
import type { SamplingParams, TokenId } from '../../core/language-model.ts';
import type { Distribution } from './next-token.ts';

type Candidates = readonly (readonly [TokenId, number])[];

/** The next token as the settings say; the lowest id of equals where it is greedy. */
export function chooseToken(distribution: Distribution, sampling: SamplingParams, random: () => number): TokenId {
  const { temperature, repetitionPenalty = 1 } = sampling;
  if (repetitionPenalty !== 1) {
    throw new CapabilityError('no-repetition-penalty', 'A scripted model has no repetition penalty: leave it at 1.');
  }
  const sorted = mostLikelyFirst(distribution);
  return temperature === 0 ? sorted[0]![0] : draw(heat(cut(sorted, sampling), temperature), random);
}

/** All tokens that are possible at all. */
export function mostLikelyFirst(distribution: Distribution): Candidates {
  return [...distribution]
    .filter(([, probability]) => probability > 0)
    .sort(([leftId, left], [rightId, right]) => right - left || leftId - rightId);
}

function cut(sorted: Candidates, { topK = 0, topP = 1, minP = 0 }: SamplingParams): Candidates {
  const likely = sorted.filter(([, probability]) => probability >= minP * sorted[0]![1]);
  let before = 0;
  return likely.slice(0, topK || undefined).filter(([, probability]) => (before += probability) - probability < topP);
}

function heat(candidates: Candidates, temperature: number): Candidates {
  return candidates.map(([token, probability]) => [token, probability ** (1 / temperature)]);
}

function draw(candidates: Candidates, random: () => number): TokenId {
  let left = random() * candidates.reduce((sum, [, weight]) => sum + weight, 0);
  return (candidates.find(([, weight]) => (left -= weight) < 0) ?? candidates.at(-1)!)[0];
}
