import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import { decoderStrategy } from '../core/kit/decoder.ts';
import type { BaseOptions } from './base-options.ts';

/**
 * The base model alone, zero-shot: y ~ base(· | x), what weak-to-strong decoding starts from (the baseline "Base" of
 * arXiv 2506.07434). It has no numbers of its own; unset, the request's temperature is 0, as in the authors' code.
 */
export function baseOnly(
  { base, baseFormat }: BaseOptions,
  /** What traces call it. */
  name = 'base',
): DecodingStrategy {
  return decoderStrategy({ name, needs: ['base'], write: (response) => response.write() }, { base, baseFormat });
}
