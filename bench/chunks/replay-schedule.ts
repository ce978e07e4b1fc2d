import { type ChunkSchedule, DraftRetokenizer } from '../../src/core/index.ts';
import type { LanguageModel } from '../../src/index.ts';
import type { PairCosts } from '../cost/cost-model.ts';
import type { RecordedDraft } from './recorded-draft.ts';

export type ReplayCosts = Pick<PairCosts, 'draftMsPerToken' | 'scoreMs'>;

/** What a schedule does with a draft. */
export interface Replayed {
  readonly drafted: number;
  readonly scored: number;
  readonly scorings: number;
  readonly ms: number;
  /** Until the first chunk is scored. */
  readonly firstMs: number;
}

/** Goes through a recorded draft as `draftUntilSwitch` does, and adds up what each step costs. */
export async function replaySchedule(
  base: LanguageModel,
  { prompt, pieces, kept, switches }: RecordedDraft,
  sizeAfter: ChunkSchedule,
  costs: ReplayCosts,
): Promise<Replayed> {
  const text = await DraftRetokenizer.start(base, prompt);
  let [drafted, scored, scorings, scoreMs, firstMs] = [0, 0, 0, 0, Number.NaN];
  for (;;) {
    const chunk = pieces.slice(drafted, drafted + sizeAfter(drafted));
    drafted += chunk.length;
    const complete = drafted === pieces.length;
    const { tokens } = await text.extend(chunk.join(''), { complete });
    if (tokens.length > 0) scorings++;
    scoreMs += costs.scoreMs(tokens.length);
    scored += tokens.length;
    const ms = drafted * costs.draftMsPerToken + scoreMs;
    if (Number.isNaN(firstMs) && scored > 0) firstMs = ms;
    if (complete || (switches && scored >= kept)) return { drafted, scored, scorings, ms, firstMs };
  }
}

/** Knows where the switch is: the least that any schedule could draft, scored in passes of `most` tokens. */
export async function clairvoyantSchedule(
  base: LanguageModel,
  draft: RecordedDraft,
  most: number,
): Promise<ChunkSchedule> {
  const one: ChunkSchedule = () => 1;
  const { drafted: enough } = await replaySchedule(base, draft, one, { draftMsPerToken: 0, scoreMs: () => 0 });
  return (drafted) => Math.min(enough - drafted, most);
}
