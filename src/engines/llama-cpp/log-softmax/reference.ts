import type { RowStatistics } from './row-reader.ts';

/** The same numbers as the kernel's in plain float64: for tests and measurements. */
export function referenceStatistics(row: Float32Array, target: number): RowStatistics {
  let argmax = 0;
  for (let token = 1; token < row.length; token++) if (row[token]! > row[argmax]!) argmax = token;
  const maximum = row[argmax]!;
  let sum = 0;
  let weighted = 0;
  let greater = 0;
  for (const logit of row) {
    const exponential = Math.exp(logit - maximum);
    sum += exponential;
    if (exponential !== 0) weighted += exponential * (logit - maximum);
    if (logit > row[target]!) greater++;
  }
  if (Number.isNaN(sum)) return { logprob: NaN, argmax: NaN, argmaxLogprob: NaN, rank: NaN, entropy: NaN };
  return {
    logprob: row[target]! - maximum - Math.log(sum),
    argmax,
    argmaxLogprob: -Math.log(sum),
    rank: greater + 1,
    entropy: Math.log(sum) - weighted / sum,
  };
}
