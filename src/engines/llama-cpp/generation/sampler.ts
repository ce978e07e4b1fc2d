import type { SamplingParams, TokenId } from '../../../core/language-model.ts';
import { notNumbers } from '../failures.ts';
import type { LlamaContext } from '../llama-context.ts';
import type { RowReader } from '../log-softmax/row-reader.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import { givenSeed } from './given-seed.ts';

/** Tokens that the repetition penalty looks back at. */
const PENALTY_WINDOW = 64;

/** Chooses the next token from a row of logits. */
export interface Sampler {
  sample(batchIndex: number): TokenId;
  close(): void;
}

export interface SamplerParts {
  /** The model's. */
  readonly id: string;
  readonly library: LlamaLibrary;
  readonly context: LlamaContext;
  readonly rows: RowReader;
  readonly vocabulary: { readonly size: number };
}

/** Exact greedy decoding: the first of the most likely tokens. */
export function greedySampler({ id, context, rows }: SamplerParts): Sampler {
  return {
    sample(batchIndex) {
      return assertNumbers(id, rows, context.row(batchIndex)) as TokenId;
    },
    close: () => undefined,
  };
}

/** llama.cpp's own sampler chain, in the order of its command line: penalties, top-k, top-p, min-p, temperature. */
export function chainSampler(
  { id, library, context, rows, vocabulary }: SamplerParts,
  params: SamplingParams,
  history: readonly TokenId[],
): Sampler {
  const chain = library.chainNew({ no_perf: true });
  for (const link of links(library, vocabulary.size, params)) library.chainAdd(chain, link);
  for (const token of history.slice(-PENALTY_WINDOW)) library.samplerAccept(chain, token);
  return {
    sample(batchIndex) {
      assertNumbers(id, rows, context.row(batchIndex));
      return library.samplerSample(chain, context.pointer, batchIndex) as TokenId;
    },
    close: () => library.samplerFree(chain),
  };
}

/** @returns the first of the most likely tokens */
function assertNumbers(id: string, rows: RowReader, row: Float32Array): number {
  const token = rows.argmax(row);
  if (Number.isNaN(token)) throw notNumbers(id);
  return token;
}

function* links(library: LlamaLibrary, vocabularySize: number, params: SamplingParams): Generator<Pointer> {
  const { temperature, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1, seed = randomSeed() } = params;
  if (repetitionPenalty !== 1) yield library.samplerPenalties(vocabularySize, PENALTY_WINDOW, repetitionPenalty, 0, 0);
  if (temperature === 0) {
    yield library.samplerGreedy();
    return;
  }
  if (topK > 0) yield library.samplerTopK(topK);
  if (topP < 1) yield library.samplerTopP(topP, 1);
  if (minP > 0) yield library.samplerMinP(minP, 1);
  yield library.samplerTemperature(temperature);
  yield library.samplerDistribution(givenSeed(seed));
}

function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}
