import { mean } from '../core/mean.ts';

/** Pearson's, from −1 to 1; undefined where one of the lists doesn't vary. @throws RangeError for lists of two lengths */
export function correlation(first: readonly number[], second: readonly number[]): number | undefined {
  if (first.length !== second.length)
    throw new RangeError(
      `A correlation needs two lists of one length, not ${first.length} and ${second.length} values.`,
    );
  const [a, b] = [centred(first), centred(second)];
  const norm = Math.sqrt(product(a, a) * product(b, b));
  return norm > 0 ? product(a, b) / norm : undefined;
}

/** Spearman's: Pearson's of the ranks, where equal values share the mean of their ranks. */
export function rankCorrelation(first: readonly number[], second: readonly number[]): number | undefined {
  return correlation(ranksOf(first), ranksOf(second));
}

function centred(values: readonly number[]): number[] {
  const middle = mean(values);
  return values.map((value) => value - middle);
}

function product(first: readonly number[], second: readonly number[]): number {
  return first.reduce((sum, value, index) => sum + value * second[index]!, 0);
}

function ranksOf(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const ranks = new Map<number, number>();
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    ranks.set(sorted[start]!, (start + end - 1) / 2);
  }
  return values.map((value) => ranks.get(value)!);
}
