import { instantiateKernel } from './instantiate-kernel.ts';

const pageBytes = 65_536;

/** What one row of logits says about a token. All are NaN for a row that is no distribution. */
export interface RowStatistics {
  /** Natural log of the target's probability: in [-Infinity, 0], within 1e-5 of exact arithmetic. */
  readonly logprob: number;
  /** The most likely token: the lowest index on ties. */
  readonly argmax: number;
  /** ln P of the most likely token. */
  readonly argmaxLogprob: number;
  /** 1 = no logit is greater than the target's. */
  readonly rank: number;
  /** Entropy of the row in nats: in [0, ln(vocabularySize)], within 1e-4 of exact arithmetic. */
  readonly entropy: number;
}

/**
 * Reads rows of raw logits, one logit for each token of the vocabulary. A logit of -Infinity is a probability of 0.
 * A row that is no distribution, because a logit is NaN or +Infinity or all are -Infinity, gives NaN for every number.
 * The row is copied first, so a view of native memory needs to hold still only during the call.
 *
 * @throws RangeError from each method, if the row hasn't `vocabularySize` logits or the target isn't one of them.
 */
export interface RowReader {
  /** `RowStatistics.logprob` alone: the fastest. */
  logprob(row: Float32Array, target: number): number;
  statistics(row: Float32Array, target: number): RowStatistics;
  /** The index of the largest logit, exactly: the lowest one on ties. */
  argmax(row: Float32Array): number;
}

/** A reader with WASM memory for one row: about 4 bytes a token, freed with the reader. */
export function createRowReader(vocabularySize: number): RowReader {
  const kernel = instantiateKernel();
  const { memory, weightedSum, rowOffset, blockBytes } = kernel;
  const start = rowOffset.value;
  const end = start + Math.ceil((vocabularySize * 4) / blockBytes.value) * blockBytes.value;
  memory.grow(Math.ceil(end / pageBytes));
  new Float32Array(memory.buffer, start, (end - start) / 4).fill(-Infinity);
  const logits = new Float32Array(memory.buffer, start, vocabularySize);

  function load(row: Float32Array): void {
    if (row.length !== vocabularySize) {
      throw new RangeError(`A row has ${row.length} logits for a vocabulary of ${vocabularySize} tokens.`);
    }
    logits.set(row);
  }

  function logprobOfLoaded(target: number): { logprob: number; sum: number } {
    const logit = logits[target];
    if (logit === undefined) {
      throw new RangeError(`Token ${target} isn't in a vocabulary of ${vocabularySize} tokens.`);
    }
    const maximum = kernel.maximum(end);
    const sum = kernel.sumExponentials(end, maximum);
    return { logprob: logit - maximum - Math.log(sum), sum };
  }

  return {
    logprob(row, target) {
      load(row);
      return logprobOfLoaded(target).logprob;
    },
    statistics(row, target) {
      load(row);
      const { logprob, sum } = logprobOfLoaded(target);
      if (Number.isNaN(sum)) return { logprob: NaN, argmax: NaN, argmaxLogprob: NaN, rank: NaN, entropy: NaN };
      return {
        logprob,
        argmax: kernel.argmax(end),
        argmaxLogprob: -Math.log(sum),
        rank: kernel.countGreater(end, logits[target]!) + 1,
        entropy: Math.log(sum) - (weightedSum.value / sum) * Math.LN2,
      };
    },
    argmax(row) {
      load(row);
      const index = kernel.argmax(end);
      return index < 0 ? NaN : index;
    },
  };
}
