/**
 * Computes the table of docs/pairs.md: memory and speed of the recommended pairs, from sizes of files, shapes of models
 * and the bandwidth of memory. Nothing here is measured. `npm run size:pairs`
 */
import { BANDWIDTH_SHARE, gigabytes, keyValuePerToken, type ModelShape, row } from './model-shapes.ts';

type Shape = Pick<ModelShape, 'layers' | 'keyValueHeads' | 'headSize'>;

interface ModelFile {
  readonly name: string;
  readonly bytes: number;
  readonly shape: Shape;
}

interface SizedPair {
  readonly base: ModelFile;
  readonly draft: ModelFile;
  readonly machine: string;
  /** Of the machine's memory, as in its data sheet. */
  readonly bytesPerSecond: number;
}

/** What the default context of each model holds; see docs/settings.md. */
const CONTEXT_TOKENS = 8192;
/** Logits, graphs and buffers of both models. An assumption; docs/memory.md has what it was for small ones. */
const BUFFER_BYTES = 0.7e9;

/** Sizes and shapes as published of these models; the files were not downloaded to check them. */
const GEMMA_4B = {
  name: 'Gemma 3 4B, Q4_0',
  bytes: 3.3e9,
  shape: { layers: 34, keyValueHeads: 4, headSize: 256 },
};
const GEMMA_270M_IT = {
  name: 'Gemma 3 270M it, Q8_0',
  bytes: 291_545_600,
  shape: { layers: 18, keyValueHeads: 1, headSize: 256 },
};
const QWEN_8B = {
  name: 'Qwen3 8B Base, Q4_K_M',
  bytes: 5.02e9,
  shape: { layers: 36, keyValueHeads: 8, headSize: 128 },
};
const QWEN_600M = {
  name: 'Qwen3 0.6B, Q8_0',
  bytes: 639_446_688,
  shape: { layers: 28, keyValueHeads: 8, headSize: 128 },
};
const LLAMA_8B = {
  name: 'Llama 3.1 8B, Q4_K_M',
  bytes: 4.92e9,
  shape: { layers: 32, keyValueHeads: 8, headSize: 128 },
};
const LLAMA_70B = {
  name: 'Llama 3.1 70B, Q4_K_M',
  bytes: 39.6 * 2 ** 30,
  shape: { layers: 80, keyValueHeads: 8, headSize: 128 },
};
const LLAMA_3B_INSTRUCT = {
  name: 'Llama 3.2 3B Instruct, Q4_K_M',
  bytes: 2.02e9,
  shape: { layers: 28, keyValueHeads: 8, headSize: 128 },
};

const LAPTOP = { machine: 'laptop, two channels of DDR5-5600', bytesPerSecond: 89.6e9 };
const RTX_4090 = { machine: 'RTX 4090, 24 GB', bytesPerSecond: 1008e9 };
const H100 = { machine: 'H100 80 GB SXM', bytesPerSecond: 3.35e12 };

const PAIRS: readonly SizedPair[] = [
  { base: GEMMA_4B, draft: GEMMA_270M_IT, ...LAPTOP },
  { base: QWEN_8B, draft: QWEN_600M, ...RTX_4090 },
  { base: LLAMA_8B, draft: LLAMA_3B_INSTRUCT, ...RTX_4090 },
  { base: LLAMA_70B, draft: LLAMA_3B_INSTRUCT, ...H100 },
];

const cacheBytes = ({ shape }: ModelFile): number => keyValuePerToken(shape) * CONTEXT_TOKENS;

/** A token reads every weight once. */
const tokensPerSecond = ({ bytes }: ModelFile, bytesPerSecond: number): number =>
  Math.round((bytesPerSecond * BANDWIDTH_SHARE) / bytes);

function pairRow({ base, draft, machine, bytesPerSecond }: SizedPair): string {
  const weights = base.bytes + draft.bytes;
  const cache = cacheBytes(base) + cacheBytes(draft);
  const speed = `${tokensPerSecond(base, bytesPerSecond)} and ${tokensPerSecond(draft, bytesPerSecond)}`;
  const memory = [weights, cache, weights + cache + BUFFER_BYTES].map(gigabytes);
  return row(base.name, draft.name, ...memory, machine, speed);
}

/** The table, a line a row. */
export function pairRows(): string[] {
  const columns = ['base', 'draft', 'weights', 'KV caches', 'in all', 'machine', 'tokens/s: base, draft'];
  return [row(...columns), row(...columns.map(() => '---')), ...PAIRS.map(pairRow)];
}

if (import.meta.main) console.log(pairRows().join('\n'));
