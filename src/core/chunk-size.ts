/** On the default pair the price of a further pass meets that of drafting in vain here: docs/decisions/0003. */
export const USUAL_CHUNK = 16;
/** Too far apart to be taken for one another by chance. */
const LARGER = [32, 64];
/** How many drafted tokens the base takes over after, about. */
const MEAN_SWITCH = 64;
/** Another size must take this much of the time: what is gained by less is lost again by noise. */
const WORTH_IT = 0.85;

/** What a chunk costs on a machine, in any unit of time. */
export interface ChunkCosts {
  readonly draftMsPerToken: number;
  /** Time of scoring a chunk of so many drafted tokens. */
  readonly scoreMs: (tokens: number) => number;
}

/**
 * The size of a chunk with the least time for each token that is kept: 16, or 32 or 64 where a pass costs nearly the same
 * whatever it holds, as on GPUs.
 */
export function chunkSize(costs: ChunkCosts): number {
  let best = USUAL_CHUNK;
  for (const size of LARGER) {
    if (msPerKept(size, costs) >= WORTH_IT * msPerKept(best, costs)) break;
    best = size;
  }
  return best;
}

function msPerKept(size: number, { draftMsPerToken, scoreMs }: ChunkCosts): number {
  return (size * draftMsPerToken + scoreMs(size)) / expectedKept(size);
}

/** Of a chunk, where each token may be the last one that is kept, with the same probability. */
function expectedKept(size: number): number {
  return MEAN_SWITCH * (1 - (1 - 1 / MEAN_SWITCH) ** size);
}
