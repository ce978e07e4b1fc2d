/** A change that no test can notice, or need not. */
export interface Explained {
  readonly path: string;
  /** The line on which the change begins, without blanks around it. */
  readonly at: string;
  readonly words: string;
  readonly why: string;
}

const TIE = 'The bound is moved by 1e-12 for rounding, so no value falls on it.';

const FIRST = 'Generating at temperature 0 writes the same first choice: this saves the pass.';

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
  {
    path: 'src/strategies/passage-reader.ts',
    at: 'logprobs.push(next.value.logprob ?? 0);',
    words: '0 → (0 + 1)',
    why: 'The base was asked for logprobs wherever they are read.',
  },
  {
    path: 'src/strategies/handback.ts',
    at: 'recent.push(next.value.logprob ?? 0);',
    words: 'next.value.logprob ?? 0 → (next.value.logprob)',
    why: 'The base was asked for logprobs: without one there is an error before this.',
  },
  {
    path: 'src/strategies/base-run.ts',
    at: 'const { temperature = 0, repetitionPenalty = 1 } = run.request.sampling ?? {};',
    words: '1 → (1 + 1)',
    why: FIRST,
  },
  {
    path: 'src/strategies/base-run.ts',
    at: 'if (temperature === 0 && repetitionPenalty === 1) return first;',
    words: 'if (temperature === 0 && repetitionPenalty === 1) return first; → if (false) return first;',
    why: FIRST,
  },
  {
    path: 'src/strategies/base-run.ts',
    at: 'const { candidates } = await response.nextTokens(1);',
    words: '1 → (1 + 1)',
    why: 'Only the first of them is read.',
  },
];
