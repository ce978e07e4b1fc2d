import { beginningOfText } from '../../../../core/beginning-of-text.ts';
import { ComputeLane } from '../../native/compute-lane.ts';
import { type Backend, locateLibrary } from '../../native/library-location.ts';
import { type LlamaLibrary, openLibrary } from '../../native/llama-library.ts';
import type { LlamaCppModel } from '../../llama-cpp-model.ts';
import type { LlamaCppOptions } from '../../open-decoder.ts';
import { openLlamaCppModel } from '../../open-llama-cpp-model.ts';
import { openEncoderScorer } from '../../rewards/open-encoder-scorer.ts';
import type { ModelPurpose } from '../../../../models/gguf/check-architecture.ts';

export interface TryLoadOptions {
  readonly backend: Backend;
  /** Default: `writer`. */
  readonly purpose?: ModelPurpose;
  /** Default: -1, all. */
  readonly gpuLayers?: number;
  /** Is called when the file's turn comes. */
  readonly begin?: () => void;
  /** A LoRA GGUF to apply. */
  readonly adapter?: string | undefined;
}

/**
 * Loads a model, tokenises a text in which every byte of UTF-8 occurs (llama.cpp ends the process at one that a vocabulary
 * can't spell), computes one token, and closes it.
 *
 * @throws WellbegunError when the file was refused in words; on some damaged files the process ends instead
 */
export async function tryLoad(
  path: string,
  { backend, purpose = 'writer', gpuLayers = -1, begin, adapter }: TryLoadOptions,
): Promise<void> {
  const library = openLibrary(locateLibrary(backend));
  const lane = new ComputeLane(library, 1);
  const settings = {
    path,
    id: 'probe',
    lane,
    contextLength: 256,
    gpuLayers,
    repack: false,
    sequences: 8,
    controlCandidates: [],
    ...(adapter !== undefined && { adapter: { path: adapter, scale: 1 } }),
  };
  try {
    begin?.();
    if (purpose === 'classifier') await classifyOnce(library, settings);
    else await writeOnce(library, settings);
  } finally {
    await lane.close();
  }
}

async function writeOnce(library: LlamaLibrary, settings: LlamaCppOptions): Promise<void> {
  const model = await openLlamaCppModel(library, settings);
  await computeToken(model).finally(() => model.close());
}

async function classifyOnce(library: LlamaLibrary, settings: LlamaCppOptions): Promise<void> {
  const model = await openEncoderScorer(library, settings);
  await model.encode([{ text: everyByte(), control: false }]);
  const tokens = await model.encode([{ text: 'Hello, world.', control: false }]);
  await (tokens.length > 0 ? model.scoreSequences([tokens]) : undefined);
  await model.close();
}

async function computeToken(model: LlamaCppModel): Promise<void> {
  await model.encode([{ text: everyByte(), control: false }]);
  const prefix = await model.encode([...beginningOfText(model.info), { text: 'Hello, world.', control: false }]);
  if (prefix.length > 0) await model.generate(prefix, { temperature: 0, maxTokens: 1 }).next();
}

/** A character for each byte that UTF-8 has: those of ASCII, of the rest of a character, and of its beginning. */
function everyByte(): string {
  const between = (first: number, last: number, step: number): string =>
    String.fromCodePoint(...Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step));
  return [
    between(0x00, 0x7f, 1),
    between(0x80, 0xbf, 1),
    between(0xc0, 0x7c0, 0x40),
    between(0x0800, 0x0800, 1),
    between(0x1000, 0xf000, 0x1000),
    between(0x10000, 0x10000, 1),
    between(0x40000, 0x100000, 0x40000),
  ].join('');
}
