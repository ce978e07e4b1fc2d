import type { ModelPurpose } from './check-architecture.ts';
import { checkAttention } from './check-attention.ts';
import { checkExperts } from './check-experts.ts';
import { checkFloats } from './check-floats.ts';
import { checkSlidingWindow } from './check-sliding-window.ts';
import { GgufFault } from './gguf-fault.ts';
import type { GgufHeader } from './gguf-header.ts';
import { findBoolean, findString, findU32 } from './metadata-lookup.ts';

/** `LLAMA_MAX_LAYERS` of llama.cpp. */
const MAX_LAYERS = 512;
const MAX_WIDTH = 1 << 20;

/** The smallest and the largest value, where the key is present. llama.cpp divides by, allocates by or asserts on these. */
const RANGES: Record<string, readonly [number, number]> = {
  context_length: [1, 2 ** 31 - 1],
  embedding_length: [1, MAX_WIDTH],
  embedding_length_out: [1, MAX_WIDTH],
  'attention.key_length': [1, MAX_WIDTH],
  'attention.value_length': [1, MAX_WIDTH],
  'attention.key_length_swa': [1, MAX_WIDTH],
  'attention.value_length_swa': [1, MAX_WIDTH],
  'attention.sliding_window': [0, 2 ** 31 - 1],
  pooling_type: [0, 4],
  'ssm.conv_kernel': [1, 1024],
  'ssm.inner_size': [1, MAX_WIDTH],
  'ssm.state_size': [1, MAX_WIDTH],
  'ssm.time_step_rank': [1, MAX_WIDTH],
  'ssm.group_count': [0, MAX_WIDTH],
  'wkv.head_size': [1, MAX_WIDTH],
  'shortconv.l_cache': [1, 1024],
};

const ROPE_SCALINGS = ['none', 'linear', 'yarn', 'longrope'];

/** Refuses what makes llama.cpp abort the process instead of saying what is wrong. @throws GgufFault */
export function checkHyperparameters({ metadata }: GgufHeader, architecture: string, purpose: ModelPurpose): void {
  const layers = required('block_count', 1, MAX_LAYERS);
  required('context_length', ...RANGES.context_length!);
  required('embedding_length', ...RANGES.embedding_length!);
  for (const [name, [low, high]] of Object.entries(RANGES)) inRange(name, low, high);
  inRange('nextn_predict_layers', 0, layers - 1);
  if (purpose === 'writer' && findBoolean(metadata, `${architecture}.attention.causal`) === false) {
    throw new GgufFault('unsupported-gguf', 'it is an encoder, which makes no text');
  }
  const scaling = findString(metadata, `${architecture}.rope.scaling.type`);
  if (scaling !== undefined && !ROPE_SCALINGS.includes(scaling)) {
    throw new GgufFault('damaged-gguf', `${architecture}.rope.scaling.type is ${JSON.stringify(scaling.slice(0, 40))}`);
  }
  checkFloats(metadata, architecture);
  checkAttention(metadata, architecture, layers);
  checkExperts(metadata, architecture, layers);
  checkSlidingWindow(metadata, architecture);

  function required(name: string, low: number, high: number): number {
    const value = inRange(name, low, high);
    if (value === undefined)
      throw new GgufFault('damaged-gguf', `the metadata value ${architecture}.${name} is missing`);
    return value;
  }

  function inRange(name: string, low: number, high: number): number | undefined {
    const key = `${architecture}.${name}`;
    const value = findU32(metadata, key);
    if (value === undefined || (value >= low && value <= high)) return value;
    throw new GgufFault('damaged-gguf', `${key} is ${value}, where ${low} to ${high} are possible`);
  }
}
