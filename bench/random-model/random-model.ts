import { existsSync, mkdirSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readGgufHeader } from '../../src/models/index.ts';
import { encodeGgufHead, padding, type TensorPlace } from '../../test/fixtures/tiny-gguf/encode-gguf-head.ts';
import { f32, text, u32, type WrittenValue } from '../../test/fixtures/tiny-gguf/gguf-content.ts';
import { copyTokenizer } from './copy-tokenizer.ts';
import { ggmlType, quantisedBytes, type QuantisedType, RandomBlocks } from './random-blocks.ts';

/** The sizes of a `llama` model; its output matrix is its embedding. */
export interface ModelShape {
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly feedForward: number;
}

export interface RandomModelOptions {
  readonly path: string;
  readonly shape: ModelShape;
  readonly type: QuantisedType;
  readonly seed: number;
  /** A GGUF file whose tokenizer is copied, so that text passes through. */
  readonly tokenizerFrom: string;
  /** Keep its first tokens only. */
  readonly vocabularySize?: number;
  /** In place of the tokenizer's own. */
  readonly chatTemplate?: string;
}

const CONTEXT_LENGTH = 8192;
/** Rows written at a time. */
const ROWS = 1024;

interface RandomTensor {
  readonly name: string;
  readonly dimensions: readonly [width: number, rows?: number];
}

/**
 * Writes a model that is good for its speed alone: quantised weights at random, in the format and the amounts of a real
 * one. Control tokens get the weight 0, so greedy text does not end by itself. Does nothing where the file is there.
 */
export async function writeRandomModel(options: RandomModelOptions): Promise<void> {
  const { path, shape, type, seed } = options;
  if (existsSync(path)) return;
  const tokenizer = copyTokenizer(await readGgufHeader(options.tokenizerFrom), options.vocabularySize);
  const { chatTemplate } = options;
  const template = chatTemplate === undefined ? {} : { 'tokenizer.chat_template': text(chatTemplate) };
  const metadata = { ...describe(options, tokenizer.vocabularySize), ...tokenizer.metadata, ...template };
  const tensors = tensorsOf(shape, tokenizer.vocabularySize);
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.part`;
  const file = await open(unfinished, 'w');
  try {
    await file.writeFile(
      encodeGgufHead(
        metadata,
        tensors.map((tensor) => placeOf(tensor, type)),
      ),
    );
    const blocks = new RandomBlocks(type, seed);
    for (const tensor of tensors) {
      const silent = tensor.name === 'token_embd.weight' ? tokenizer.controlTokens : [];
      await writeTensor(file, tensor, { type, blocks, silent });
    }
    await file.close();
    await rename(unfinished, path);
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Weights of a model of this shape, norms left out. */
export function parameterCount(shape: ModelShape, vocabularySize: number): number {
  return tensorsOf(shape, vocabularySize).reduce((sum, { dimensions: [width, rows = 0] }) => sum + width * rows, 0);
}

function tensorsOf(shape: ModelShape, vocabularySize: number): RandomTensor[] {
  const { layers, width, heads, keyValueHeads, headSize, feedForward } = shape;
  const block = (layer: number): RandomTensor[] => {
    const tensor = (name: string, from: number, to?: number): RandomTensor => {
      return { name: `blk.${layer}.${name}.weight`, dimensions: to === undefined ? [from] : [from, to] };
    };
    return [
      tensor('attn_norm', width),
      tensor('attn_q', width, heads * headSize),
      tensor('attn_k', width, keyValueHeads * headSize),
      tensor('attn_v', width, keyValueHeads * headSize),
      tensor('attn_output', heads * headSize, width),
      tensor('ffn_norm', width),
      tensor('ffn_gate', width, feedForward),
      tensor('ffn_up', width, feedForward),
      tensor('ffn_down', feedForward, width),
    ];
  };
  return [
    { name: 'token_embd.weight', dimensions: [width, vocabularySize] },
    { name: 'output_norm.weight', dimensions: [width] },
    ...Array.from({ length: layers }, (_, layer) => block(layer)).flat(),
  ];
}

function placeOf({ name, dimensions }: RandomTensor, type: QuantisedType): TensorPlace {
  const [width, rows] = dimensions;
  if (rows === undefined) return { name, dimensions: [width], type: 0, byteLength: 4 * width };
  return { name, dimensions: [width, rows], type: ggmlType(type), byteLength: quantisedBytes(type, width * rows) };
}

interface Weights {
  readonly type: QuantisedType;
  readonly blocks: RandomBlocks;
  /** Rows that are 0. */
  readonly silent: readonly number[];
}

async function writeTensor(file: FileHandle, tensor: RandomTensor, { type, blocks, silent }: Weights): Promise<void> {
  const [width, rows] = tensor.dimensions;
  if (rows === undefined) {
    await file.writeFile(Buffer.from(new Float32Array(width).fill(1).buffer));
  } else {
    const rowBytes = quantisedBytes(type, width);
    for (let first = 0; first < rows; first += ROWS) {
      const bytes = blocks.rows(Math.min(ROWS, rows - first), width);
      for (const row of silent)
        if (row >= first && row < first + ROWS) bytes.fill(0, (row - first) * rowBytes, (row - first + 1) * rowBytes);
      await file.writeFile(bytes);
    }
  }
  await file.writeFile(Buffer.alloc(padding(placeOf(tensor, type).byteLength)));
}

function describe({ shape, path, seed }: RandomModelOptions, vocabularySize: number): Record<string, WrittenValue> {
  return {
    'general.architecture': text('llama'),
    'general.name': text(`random weights ${seed}, for its speed alone (${path.split('/').at(-1)!})`),
    'llama.block_count': u32(shape.layers),
    'llama.context_length': u32(CONTEXT_LENGTH),
    'llama.vocab_size': u32(vocabularySize),
    'llama.embedding_length': u32(shape.width),
    'llama.feed_forward_length': u32(shape.feedForward),
    'llama.attention.head_count': u32(shape.heads),
    'llama.attention.head_count_kv': u32(shape.keyValueHeads),
    'llama.attention.key_length': u32(shape.headSize),
    'llama.attention.value_length': u32(shape.headSize),
    'llama.rope.dimension_count': u32(shape.headSize),
    'llama.attention.layer_norm_rms_epsilon': f32(1e-6),
  };
}
