/** Batches below the command line: what is read of the input, what is written, and what is left to do. */
export { LineSet } from './line-set.ts';
export { openOutput } from './open-output.ts';
export { runBatch } from './run-batch.ts';
export { scanInput } from './scan-input.ts';
export { needsIndex, selectLines } from './select-lines.ts';
