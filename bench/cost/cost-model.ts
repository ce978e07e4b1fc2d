import { chunkSchedule, chunkSize } from '../../src/core/index.ts';
import { timeRatio } from '../../src/index.ts';

/** What a pair of models costs on a machine. Any unit of time will do, if it is the same for all. */
export interface PairCosts {
  readonly draftPromptMs: number;
  readonly basePromptMs: number;
  readonly draftMsPerToken: number;
  readonly baseMsPerToken: number;
  /** Time of scoring so many tokens at once. */
  readonly scoreMs: (tokens: number) => number;
  /** The two vocabularies cut the same text into other numbers of tokens. */
  readonly baseTokensPerDraftToken: number;
}

/** How much is drafted and scored before the base takes over after k tokens. */
export interface Schedule {
  readonly drafted: number;
  readonly scored: number;
  readonly scoreMs: number;
}

/** The last word of a chunk may still grow: about a token that is scored with the next one. */
const HELD_BACK = 1;

/** wellbegun's schedule: chunk after chunk, until k tokens are scored. */
export function chunkedSchedule(k: number, costs: PairCosts): Schedule {
  const { scoreMs, baseTokensPerDraftToken } = costs;
  const size = furtherChunkOf(costs);
  const furtherChunk = () => size;
  const nextChunk = chunkSchedule({ prefixReuse: true, promptTokens: 0, maxDraftTokens: Infinity, furtherChunk });
  let schedule: Schedule = { drafted: 0, scored: 0, scoreMs: 0 };
  while (schedule.scored < k) {
    const drafted = schedule.drafted + nextChunk(schedule.drafted);
    const scored = Math.max(Math.floor(drafted * baseTokensPerDraftToken) - HELD_BACK, 0);
    schedule = { drafted, scored, scoreMs: schedule.scoreMs + scoreMs(scored - schedule.scored) };
  }
  return schedule;
}

/** The size of chunk that these costs lead to, after the first one. */
export function furtherChunkOf({ draftMsPerToken, scoreMs, baseTokensPerDraftToken }: PairCosts): number {
  return chunkSize({ draftMsPerToken, scoreMs: (drafted) => scoreMs(Math.round(drafted * baseTokensPerDraftToken)) });
}

/** The authors' schedule: the whole draft, then one scoring of all of it. */
export function referenceSchedule(drafted: number, { scoreMs, baseTokensPerDraftToken }: PairCosts): Schedule {
  const scored = Math.floor(drafted * baseTokensPerDraftToken);
  return { drafted, scored, scoreMs: scoreMs(scored) };
}

/**
 * Time of a response of `length` tokens, of which k are the draft's, over that of as long a response by the base alone:
 *
 *     (draft prompt + drafted · d + base prompt + scoring + (length − k) · b) / (base prompt + length · b)
 */
export function predictRatio(k: number, length: number, schedule: Schedule, costs: PairCosts): number {
  const { drafted, scored, scoreMs } = schedule;
  const scoreMsPerToken = scored === 0 ? 0 : scoreMs / scored;
  return timeRatio([{ switched: true, kept: k, drafted, scored }], { ...costs, scoreMsPerToken }, length);
}
