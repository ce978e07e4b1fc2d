import { codePoints } from '../../../core/code-points.ts';
import { mean } from '../../../core/mean.ts';
import { standardDeviation, standardError } from '../../../statistics/standard-error.ts';
import { toWin } from '../win-rate.ts';
import { bootstrap, percentileInterval } from '../../../statistics/bootstrap.ts';
import type { Interval } from '../../../statistics/interval.ts';
import { fitLogistic, logit, sigmoid } from './fit-logistic.ts';
import { fitLogisticCv } from './fit-logistic-cv.ts';
import type { GamedRow } from './gamed-row.ts';
import type { SoftRow } from './soft-row.ts';

/** One comparison of a model's output with the baseline's. */
export interface Comparison {
  readonly baselineOutput: string;
  readonly modelOutput: string;
  /** 1 (the baseline is better) to 2 (the model is), or 0 for a tie; undefined where the judge gave none. */
  readonly preference: number | undefined;
  /** Number of the instruction, as alpaca_eval counts them from 0. Default: the comparison's place. */
  readonly instruction?: number | undefined;
}

export interface LengthControlled {
  readonly glm: 'length_controlled_v1' | 'length_controlled_minimal';
  /** The win rate if both outputs were of one length, in percent. */
  readonly lengthControlledWinRate: number;
  /** Of the mean over comparisons, in points. */
  readonly standardError: number;
  /** Of tanh(standardised length difference), [difficulty,] and the constant. */
  readonly weights: readonly number[];
  /**
   * The win rate's 95% interval in percent, of 1000 seeded resamples of comparisons, each with a regression of its own at
   * the penalty that was chosen for all. It takes seconds for hundreds of comparisons.
   */
  interval(): Interval;
}

/** The two gamed baselines share a weight of 0.2. */
const GAMED_WEIGHT = 0.1;

/**
 * The length-controlled win rate of AlpacaEval 2 (Dubois et al. 2024, arXiv:2404.04475): a regression of the judge's
 * preferences on the difference of lengths, the instruction's difficulty and a constant, asked what it were without a
 * difference. Lengths are in code points, standardised over all comparisons.
 *
 * @param comparisons of different instructions; at least 5 with a preference
 * @param gamedRows the published rows of gamed baselines, which hold difficulties and keep the coefficient of length in
 *   its place: `length_controlled_v1`. Without them `length_controlled_minimal`, without difficulty.
 * @throws RangeError where an instruction has no difficulty
 */
export function lengthControlledWinRate(
  comparisons: readonly Comparison[],
  gamedRows?: readonly GamedRow[],
): LengthControlled {
  const difficulties = gamedRows && difficultiesOf(gamedRows, comparisons);
  const own = (index: number) => (difficulties ? [difficulties[index]!, 1] : [1]);
  const lengths = standardisedLengths(comparisons);
  const rows = comparisons.map(({ preference }, index): ComparedRow => {
    const features = [Math.tanh(lengths[index]!), ...own(index)];
    return {
      own: own(index),
      row: preference === undefined ? undefined : { features, label: toWin(preference), weight: 1 },
    };
  });
  const gamed = (gamedRows ?? []).flatMap(toSoftRow);
  const { weights, inverseStrength } = fitLogisticCv([...gamed, ...softRows(rows)]);
  const refit = (sample: readonly ComparedRow[]) =>
    winRateAt(sample, fitLogistic([...gamed, ...softRows(sample)], inverseStrength, weights));
  return {
    glm: gamedRows ? 'length_controlled_v1' : 'length_controlled_minimal',
    lengthControlledWinRate: winRateAt(rows, weights),
    standardError: 100 * standardError(winsAt(rows, weights)),
    weights,
    interval: () => percentileInterval(bootstrap(rows, refit)),
  };
}

interface ComparedRow {
  /** What stands for the comparison where lengths are the same: [difficulty,] and the constant. */
  readonly own: readonly number[];
  /** Undefined without a preference. */
  readonly row: SoftRow | undefined;
}

function softRows(rows: readonly ComparedRow[]): SoftRow[] {
  return rows.flatMap(({ row }) => row ?? []);
}

function winsAt(rows: readonly ComparedRow[], weights: readonly number[]): number[] {
  return rows.map(({ own }) => sigmoid(logit([0, ...own], weights)));
}

/** In percent. */
function winRateAt(rows: readonly ComparedRow[], weights: readonly number[]): number {
  return 100 * mean(winsAt(rows, weights));
}

function standardisedLengths(comparisons: readonly Comparison[]): number[] {
  const differences = comparisons.map((row) => codePoints(row.baselineOutput) - codePoints(row.modelOutput));
  const deviation = standardDeviation(differences);
  // Outputs that never differ in length leave nothing to control.
  return differences.map((difference) => (deviation > 0 ? difference / deviation : 0));
}

function toSoftRow({ preference, standardisedLength, difficulty, isGamed }: GamedRow): SoftRow[] {
  if (preference === undefined) return [];
  const features = [Math.tanh(standardisedLength), difficulty, Number(!isGamed)];
  return [{ features, label: preference, weight: isGamed ? GAMED_WEIGHT : 1 }];
}

function difficultiesOf(rows: readonly GamedRow[], comparisons: readonly Comparison[]): number[] {
  const found = new Map<number, number>();
  for (const { index, difficulty } of rows) if (!found.has(index)) found.set(index, difficulty);
  return comparisons.map(({ instruction }, place) => {
    const index = instruction ?? place;
    const difficulty = found.get(index);
    if (difficulty === undefined) throw new RangeError(`There is no difficulty of instruction ${index}.`);
    return difficulty;
  });
}
