import { GgufFault } from './gguf-fault.ts';
import type { GgufValue } from './gguf-value.ts';
import { findU32 } from './metadata-lookup.ts';

/** llama.cpp asserts that a model with a sliding window has a layer that uses it. @throws GgufFault */
export function checkSlidingWindow(metadata: ReadonlyMap<string, GgufValue>, architecture: string): void {
  const window = findU32(metadata, `${architecture}.attention.sliding_window`) ?? 0;
  const pattern = metadata.get(`${architecture}.attention.sliding_window_pattern`);
  if (window > 0 && pattern !== undefined && !usesWindow(pattern)) {
    throw new GgufFault('damaged-gguf', `it has a sliding window of ${window} tokens that no layer uses`);
  }
}

/** One number N means that each Nth layer looks back without a limit; an array marks the layers that don't. */
function usesWindow(pattern: GgufValue): boolean {
  if (pattern.type !== 'array') return pattern.value !== 1;
  return Array.from({ length: Math.min(pattern.length, 512) }, (_, layer) => pattern.at(layer)).some(Boolean);
}
