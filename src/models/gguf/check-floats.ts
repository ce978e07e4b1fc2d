import { GgufFault } from './gguf-fault.ts';
import type { GgufValue } from './gguf-value.ts';
import { findF32 } from './metadata-lookup.ts';

/** Must be finite and not negative: ggml aborts on a negative epsilon, and the others make every logit not a number. */
const NAMES = [
  'attention.layer_norm_epsilon',
  'attention.layer_norm_rms_epsilon',
  'attention.group_norm_epsilon',
  'attention.max_alibi_bias',
  'attn_logit_softcapping',
  'final_logit_softcapping',
  'rope.freq_base',
  'rope.freq_base_swa',
  'rope.scale_linear',
  'rope.scaling.factor',
  'rope.scaling.attn_factor',
];

/** @throws GgufFault naming the first one that is out of range. */
export function checkFloats(metadata: ReadonlyMap<string, GgufValue>, architecture: string): void {
  for (const name of NAMES) {
    const key = `${architecture}.${name}`;
    const value = findF32(metadata, key);
    if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
      throw new GgufFault('damaged-gguf', `${key} is ${value}, which is not a number of 0 or more`);
    }
  }
}
