/** A change that no test can notice, or need not. */
export interface Explained {
  readonly path: string;
  /** The line on which the change begins, without blanks around it. */
  readonly at: string;
  readonly words: string;
  readonly why: string;
}

const TIE = 'The bound is moved by 1e-12 for rounding, so no value falls on it.';

export const EXPLAINED: readonly Explained[] = [
  {
    path: 'src/core/criteria/mean-entropy.ts',
    at: 'return Number.isNaN(value) ? { value: undefined, accept: false } : { value, accept: value <= bound + TIE };',
    words: 'value <= bound + TIE → value < bound + TIE',
    why: TIE,
  },
  {
    path: 'src/core/criteria/relative-confidence.ts',
    at: 'return { value: Number.isFinite(value) ? value : undefined, accept: difference >= logFactor };',
    words: 'difference >= logFactor → difference > logFactor',
    why: TIE,
  },
  {
    path: 'src/core/criteria/windowed-confidence.ts',
    at: 'return { value: Math.exp(logMean), accept: logMean >= logThreshold };',
    words: 'logMean >= logThreshold → logMean > logThreshold',
    why: TIE,
  },
];
