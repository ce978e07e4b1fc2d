/**
 * The embedded engine below `LanguageModel`: passes, rows of logits, threads. Benchmarks measure these; whoever decodes
 * needs none of them.
 */
export { type BatchEntry, LlamaContext, type PassOutput } from './llama-context.ts';
export { createRowReader } from './log-softmax/row-reader.ts';
export { ComputeLane } from './native/compute-lane.ts';
export { gpusOf } from './native/gpu-problem.ts';
export { BINARY_VERSION, locateLibrary } from './native/library-location.ts';
export { type LlamaLibrary, openLibrary } from './native/llama-library.ts';
export { BATCH_ROWS, type NativeModelParts, openDecoder } from './open-decoder.ts';
export { openOutputHead, type OutputHead } from './rows-on-demand/index.ts';
