import { USUAL_CHUNK } from './chunk-size.ts';

/** A first token soon: on the default pair, 12 drafted tokens are there and scored after about 0.2 s. */
export const FIRST_CHUNK = 12;
/** The first chunk where every scoring reads the whole prompt again: enough to fill a window. */
const FIRST_WITHOUT_REUSE = 16;

/** How many tokens to draft before the next scoring, when so many are drafted. Asked once a chunk, in order. */
export type ChunkSchedule = (draftedTokens: number) => number;

export interface ChunkScheduleOptions {
  /** `ModelCapabilities.prefixReuse` of the base. */
  readonly prefixReuse: boolean;
  /** Both in tokens; the draft's and the base's are taken for equal here. */
  readonly promptTokens: number;
  readonly maxDraftTokens: number;
  /** How large a chunk after the first one should be, by what chunks took so far. Default: 16. */
  readonly furtherChunk?: () => number;
}

/**
 * How far to draft between two scorings. Large chunks score cheaper, but what is drafted past the switch is in vain:
 * 12 tokens first, so that something is to be read soon, then 16 each, or more where passes are hardly dearer for it.
 *
 * A base that does not reuse its prefix reads prompt and draft anew at each scoring. Then what is read doubles from one
 * scoring to the next, and where even that would be too much the draft is finished first: all scorings of a response
 * together read less than twice what one scoring of the longest draft reads.
 */
export function chunkSchedule(options: ChunkScheduleOptions): ChunkSchedule {
  const { prefixReuse, promptTokens, maxDraftTokens, furtherChunk = () => USUAL_CHUNK } = options;
  if (prefixReuse) return (drafted) => (drafted === 0 ? FIRST_CHUNK : furtherChunk());
  const whole = promptTokens + maxDraftTokens;
  let read = 0;
  return (drafted) => {
    const next = drafted === 0 ? FIRST_WITHOUT_REUSE : promptTokens + 2 * drafted;
    const rest = Math.max(maxDraftTokens - drafted, 1);
    if (next >= maxDraftTokens || read + promptTokens + next >= whole) return rest;
    read += promptTokens + next;
    return next - drafted;
  };
}
