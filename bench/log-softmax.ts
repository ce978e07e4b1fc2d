import { referenceStatistics } from '../test/fixtures/log-softmax-reference.ts';
import { createRowReader } from '../src/engines/llama-cpp/index.ts';

const vocabularySize = 262_144;

export interface LogSoftmaxMeasurement {
  readonly name: 'logsoftmax-ms-per-row';
  /** Median over `runs` rows, the copy into WASM memory included. */
  readonly value: number;
  readonly unit: 'ms';
  readonly runs: number;
}

/** Time of one log-probability out of a vocabulary of 262,144 tokens. */
export function measureLogSoftmax(): LogSoftmaxMeasurement {
  const reader = createRowReader(vocabularySize);
  const runs = 600;
  const value = medianMs(runs, (row, target) => reader.logprob(row, target));
  return { name: 'logsoftmax-ms-per-row', value, unit: 'ms', runs };
}

function medianMs(runs: number, read: (row: Float32Array, target: number) => unknown): number {
  // 16 MiB: consecutive rows differ and don't stay in a core's own cache.
  const rows = Array.from({ length: 16 }, randomRow);
  const times: number[] = [];
  // The first rows run in V8's baseline compiler and aren't counted.
  for (let run = -100; run < runs; run++) {
    const row = rows[(run + 112) % rows.length]!;
    const target = (run + 100) * 379;
    const start = performance.now();
    read(row, target % vocabularySize);
    if (run >= 0) times.push(performance.now() - start);
  }
  return times.sort((left, right) => left - right)[runs >> 1]!;
}

/** Roughly normal, as logits are: mean 0, standard deviation 3. */
function randomRow(): Float32Array {
  const logit = () => (Math.random() + Math.random() + Math.random() + Math.random() - 2) * 5.2;
  return Float32Array.from({ length: vocabularySize }, logit);
}

function plainArgmax(row: Float32Array): number {
  let best = 0;
  for (let token = 1; token < row.length; token++) if (row[token]! > row[best]!) best = token;
  return best;
}

if (import.meta.main) {
  const reader = createRowReader(vocabularySize);
  console.log(measureLogSoftmax());
  console.table({
    statistics: medianMs(300, (row, target) => reader.statistics(row, target)),
    argmax: medianMs(300, (row) => reader.argmax(row)),
    'plain argmax': medianMs(300, plainArgmax),
    'plain float64 statistics': medianMs(40, referenceStatistics),
  });
}
