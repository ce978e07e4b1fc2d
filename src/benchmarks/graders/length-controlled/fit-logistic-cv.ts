import { mean } from '../../../core/mean.ts';
import { fitLogistic, logit, sigmoid } from './fit-logistic.ts';
import type { SoftRow } from './soft-row.ts';

const FOLDS = 5;
/** Ten, evenly on the logarithm's scale from 1e-4 to 1e4. */
const INVERSE_STRENGTHS = Array.from({ length: 10 }, (_, index) => 10 ** (-4 + (8 * index) / 9));

export interface CrossValidatedFit {
  readonly weights: readonly number[];
  /** That was chosen. */
  readonly inverseStrength: number;
}

/**
 * `fitLogistic` with the strength of penalty that loses least on rows held back, as scikit-learn's `LogisticRegressionCV`
 * chooses it with `GroupKFold(5)`, where each row and its twin of the other label are one group: of n rows, number i
 * belongs to fold (n − 1 − i) mod 5. Of equal losses the strongest penalty wins.
 *
 * @param rows at least 5
 */
export function fitLogisticCv(rows: readonly SoftRow[]): CrossValidatedFit {
  const losses = INVERSE_STRENGTHS.map(() => 0);
  for (let fold = 0; fold < FOLDS; fold++) {
    const isHeld = (_: SoftRow, index: number) => (rows.length - 1 - index) % FOLDS === fold;
    const held = rows.filter(isHeld);
    const kept = rows.filter((row, index) => !isHeld(row, index));
    let weights: readonly number[] | undefined;
    for (const [index, inverseStrength] of INVERSE_STRENGTHS.entries()) {
      weights = fitLogistic(kept, inverseStrength, weights);
      losses[index]! += lossOf(held, weights) / FOLDS;
    }
  }
  const inverseStrength = INVERSE_STRENGTHS[losses.indexOf(Math.min(...losses))]!;
  return { weights: fitLogistic(rows, inverseStrength), inverseStrength };
}

const LEAST = 1e-15;

/** Mean of weighted log losses; the mean is over rows, not over weights. */
function lossOf(rows: readonly SoftRow[], weights: readonly number[]): number {
  return mean(
    rows.map(({ features, label, weight }) => {
      const p = Math.min(1 - LEAST, Math.max(LEAST, sigmoid(logit(features, weights))));
      return -weight * (label * Math.log(p) + (1 - label) * Math.log(1 - p));
    }),
  );
}
