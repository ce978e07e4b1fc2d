/** Batches: what is read of the input, what is written, and what is left to do. */
export { answerLines } from './answer-lines.ts';
export { openOutput } from './open-batch.ts';
export { type BatchOptions, runBatch } from './run-batch.ts';
export { scanInput } from './scan-input.ts';
export { needsIndex, selectLines } from './select-lines.ts';
