import { FIRST_CHUNK, USUAL_CHUNK } from '../../src/core/index.ts';
import type { DecodeOptions, Pair } from '../../src/index.ts';
import type { GrowthOptions } from './growth-options.ts';
import { measurePoint } from './measure-point.ts';
import type { GrowthPoint, MeasuredSeries } from './series.ts';

const DRAFT_LENGTHS = [8, 16, 32, 64, 128, 256];
const WINDOWS = [1, 2, 4, 6, 8, 12, 16];
const CHUNKS = [4, 8, 16, 32, 64, 128, 512];

/** Length of the draft, fixed. */
export async function measureDraftLength(pair: Pair, options: GrowthOptions): Promise<MeasuredSeries> {
  return {
    name: 'draft-length',
    title: 'Length of the draft',
    x: 'kept draft tokens (k)',
    note: 'The base takes over after exactly k tokens (`--criterion "fixed(k)"`), or where the draft ends before that.',
    points: await measureAll(pair, options, DRAFT_LENGTHS, (k) => ({ criterion: `fixed(${k})` })),
  };
}

export async function measureWindow(pair: Pair, options: GrowthOptions): Promise<MeasuredSeries> {
  return {
    name: 'window',
    title: 'Window of the criterion',
    x: 'window (w)',
    note: 'The threshold stays 0.8. A longer window is met later: more is drafted, and a smaller part of it in vain.',
    points: await measureAll(pair, options, WINDOWS, (window) => ({ window })),
  };
}

export async function measureChunk(pair: Pair, options: GrowthOptions): Promise<MeasuredSeries> {
  return {
    name: 'chunk',
    title: 'Draft tokens between two scorings',
    x: 'chunk, draft tokens',
    note: `The default is ${FIRST_CHUNK}, then ${USUAL_CHUNK}; 512 is the reference schedule, which drafts all before it scores.`,
    points: await measureAll(pair, options, CHUNKS, (chunkTokens) => ({ chunkTokens })),
  };
}

async function measureAll(
  pair: Pair,
  { prompts, maxTokens, progress }: GrowthOptions,
  values: readonly number[],
  setting: (value: number) => DecodeOptions,
): Promise<GrowthPoint[]> {
  const points: GrowthPoint[] = [];
  for (const value of values) {
    progress(`${points.length + 1} of ${values.length}`);
    points.push(await measurePoint(pair, value, prompts, { ...setting(value), maxTokens }));
  }
  return points;
}
