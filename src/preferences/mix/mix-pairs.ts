import { basename, join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { checkSettings } from '../../settings/check-settings.ts';
import { type MixSettings, mixSettings } from '../../settings/data.ts';
import { DataSetCount } from '../data-set-count.ts';
import { PairFile } from '../pair-file.ts';
import { DIMENSIONS, type PreferencePair } from '../preference-pair.ts';
import { writeLines } from '../output-file.ts';
import type { MixFile, MixInput, MixManifest } from './manifest.ts';
import { PairRanks } from './pair-ranks.ts';
import { selectPairs } from './select-pairs.ts';
import { assertShares, type Shares } from './shares.ts';
import { writeFolder } from './write-folder.ts';

export interface MixOptions extends MixSettings {
  /** Files of pairs in the schema. */
  readonly inputs: readonly string[];
  /** A folder that is not there yet, or empty: gets a file for each split, and manifest.json. */
  readonly output: string;
  /** Of the dimensions, 1 together. Default: as they come. */
  readonly shares?: Shares | undefined;
  /** Of the splits, 1 together. Default: train 0.9, validation 0.1. */
  readonly splits?: Shares | undefined;
  /** Told now and then how many pairs were read. */
  readonly onProgress?: ((pairs: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const DEFAULT_SPLITS: Shares = { train: 0.9, validation: 0.1 };

const PROGRESS_PAIRS = 10_000;
/** Lines that are read at the same time. */
const READ_AHEAD = 256;

/**
 * Takes pairs of each dimension in proportion, puts them into an order, and parts them into splits that share no prompt: all
 * conversations that begin with the same words of the user are in one. For a pair about 30 bytes are kept.
 *
 * @throws ConfigError for a line that is no pair, shares that are not 1 together, too few pairs, and a folder that holds
 *   something; WellbegunError where it can't be written; AbortError
 */
export async function mixPairs(options: MixOptions): Promise<MixManifest> {
  const { shares, splits = DEFAULT_SPLITS, ...others } = options;
  checkSettings(mixSettings, others, ['inputs', 'output', 'onProgress', 'signal']);
  const { inputs, output, seed = 0, pairs } = others;
  if (shares) assertShares('shares', shares, DIMENSIONS);
  assertShares('splits', splits);
  return await writeFolder(output, async (folder) => {
    await using files = new AsyncDisposableStack();
    const ranks = new PairRanks(seed, splits);
    const read: ReadInput[] = [];
    for (const input of inputs) {
      const file = files.use(await PairFile.open(input));
      read.push({ file, firstIndex: ranks.length, found: await readInto(ranks, file, read.length, options) });
    }
    const selected = selectPairs(ranks, shares, pairs);
    const written: MixFile[] = [];
    for (const split of Object.keys(splits)) {
      const indices = selected.filter((index) => ranks.splitOf(index) === split);
      written.push(await writeSplit(join(folder, `${split}.jsonl`), indices, ranks, read, options.signal));
    }
    return { seed, shares: shares ?? null, splits, inputs: read.map(({ found }) => found), files: written };
  });
}

interface ReadInput {
  readonly file: PairFile;
  /** Of its pairs among all. */
  readonly firstIndex: number;
  readonly found: MixInput;
}

async function readInto(
  ranks: PairRanks,
  file: PairFile,
  number: number,
  { onProgress, signal }: MixOptions,
): Promise<MixInput> {
  const refuse = (line: number, { reason }: Error & { readonly reason: string }) => {
    throw new ConfigError(
      'bad-pair',
      `${file.path}, line ${line}: ${reason}: bring the file into the schema with data import, or clean it with data check --fix.`,
    );
  };
  for await (const { pair } of file.read(refuse, signal)) {
    ranks.add(pair, number);
    if (ranks.length % PROGRESS_PAIRS === 0) onProgress?.(ranks.length);
  }
  return { file: basename(file.path), ...file.content, pairs: file.length };
}

async function writeSplit(
  path: string,
  indices: readonly number[],
  ranks: PairRanks,
  inputs: readonly ReadInput[],
  signal: AbortSignal | undefined,
): Promise<MixFile> {
  const count = new DataSetCount();
  const { file } = await writeLines(path, { setting: 'output', inputs: [] }, async (lines) => {
    for (let start = 0; start < indices.length; start += READ_AHEAD) {
      signal?.throwIfAborted();
      const ahead = indices.slice(start, start + READ_AHEAD).map((index) => {
        const { file, firstIndex } = inputs[ranks.fileOf(index)]!;
        return file.lineAt(index - firstIndex);
      });
      for (const line of await Promise.all(ahead)) {
        count.add(JSON.parse(line.toString()) as PreferencePair);
        await lines.write(line);
      }
    }
  });
  return {
    file: basename(path),
    ...file,
    pairs: indices.length,
    dimensions: count.dimensions,
    dataSets: count.dataSets,
  };
}
