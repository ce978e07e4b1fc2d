/** A first token soon: on the default pair, 8 drafted tokens are there and scored after about 0.15 s. */
const SMALLEST = 8;
/** Scoring 32 tokens at once costs about 0.7 of what it costs by 8; larger chunks gain nothing more. */
const LARGEST = 32;
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
}

/**
 * How far to draft between two scorings. Large chunks score cheaper, but what is drafted past the switch is in vain:
 * half of what was drafted so far, from 8 to 32, keeps the loss in proportion.
 *
 * A base that does not reuse its prefix reads prompt and draft anew at each scoring. Then what is read doubles from one
 * scoring to the next, and where even that would be too much the draft is finished first: all scorings of a response
 * together read less than twice what one scoring of the longest draft reads.
 */
export function chunkSchedule({ prefixReuse, promptTokens, maxDraftTokens }: ChunkScheduleOptions): ChunkSchedule {
  if (prefixReuse) return (drafted) => Math.min(Math.max(Math.ceil(drafted / 2), SMALLEST), LARGEST);
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
