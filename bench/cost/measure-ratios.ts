import type { DecodeOptions, DecodeTrace, Pair } from '../../src/index.ts';
import { forget, msPerToken, respond } from '../respond.ts';
import { chunkedSchedule, furtherChunkOf, type PairCosts, predictRatio, referenceSchedule } from './cost-model.ts';

export interface RatioOptions {
  readonly prompts: readonly string[];
  /** Where the base takes over. */
  readonly switches: readonly number[];
  /** Tokens of a response. */
  readonly length: number;
  /** How long the reference schedule drafts. */
  readonly referenceDraft: number;
  readonly progress: (place: string) => void;
}

export type ScheduleName = 'chunked' | 'reference';

/** One prompt by one schedule: the ratio of time per token to the base alone, measured in turn and predicted. */
export interface RatioRow {
  readonly schedule: ScheduleName;
  readonly k: number;
  readonly length: number;
  readonly measured: number;
  readonly predicted: number;
  /** Of the chunked schedule: drafted tokens of a chunk after the first one. Unset: 16, the size before they were chosen. */
  readonly chunk?: number;
}

/** Forces the switch at each k, on each prompt. What a draft that ended before k gives is no row of that k. */
export async function measureRatios(pair: Pair, costs: PairCosts, options: RatioOptions): Promise<RatioRow[]> {
  const rows: RatioRow[] = [];
  const cases = options.switches.flatMap((k) => options.prompts.map((prompt) => ({ k, prompt })));
  for (const [i, { k, prompt }] of cases.entries()) {
    options.progress(`${i + 1} of ${cases.length} responses`);
    const plain = { prompt, speculate: false } as const;
    await forget(pair);
    const base = await respond(pair, { ...plain, strategy: 'base', maxTokens: options.length });
    const forced = { ...plain, criterion: `fixed(${k})`, maxTokens: options.length - k };
    const row = (schedule: ScheduleName, trace: DecodeTrace) => {
      if (trace.usage.keptDraftTokens === k && base.usage.baseTokens > 0)
        rows.push(compare({ schedule, k, trace, base, costs }));
    };
    await forget(pair);
    row('chunked', await respond(pair, forced));
    await forget(pair);
    row('reference', await respond(pair, { ...forced, ...wholeDraft(options.referenceDraft) }));
  }
  return rows;
}

function wholeDraft(tokens: number): DecodeOptions {
  return { chunkTokens: tokens, maxDraft: tokens };
}

interface Comparison {
  readonly schedule: ScheduleName;
  readonly k: number;
  readonly trace: DecodeTrace;
  readonly base: DecodeTrace;
  readonly costs: PairCosts;
}

function compare({ schedule, k, trace, base, costs }: Comparison): RatioRow {
  const length = k + trace.usage.baseTokens;
  const planned =
    // Where a whole draft ends is the draft's own affair: the prediction is told.
    schedule === 'chunked' ? chunkedSchedule(k, costs) : referenceSchedule(trace.usage.draftTokens, costs);
  return {
    schedule,
    k,
    length,
    measured: msPerToken(trace) / msPerToken(base),
    predicted: predictRatio(k, length, planned, costs),
    ...(schedule === 'chunked' && { chunk: furtherChunkOf(costs) }),
  };
}
