import { type ChunkCosts, chunkSize, USUAL_CHUNK } from './chunk-size.ts';

/** How fast old measurements fade. */
const NEWS = 0.25;
/** A pause of the whole machine is no property of a size. */
const MOST = 3;
/** Nobody waits for a shorter chunk, and a pause of the machine is easily longer. */
const SHORT_MS = 50;
/** Of the usual chunks, before another size is looked at: one may hold a pause. */
const LEAST_CHUNKS = 2;

/** What the chunks of a pair took so far, and which size they tell to be best. */
export class ChunkTimes {
  #draftMsPerToken: number | undefined;
  readonly #scoreMs = new Map<number, number>();
  #usualChunks = 0;

  /** Of a chunk that a draft was in the middle of: neither its first one, which reads the prompt, nor its last. */
  record(size: number, draftMs: number, scoreMs: number): void {
    if (size === USUAL_CHUNK) this.#usualChunks++;
    this.#draftMsPerToken = blend(this.#draftMsPerToken, draftMs / size);
    // A size that looks too dear is not tried again: its first measurement counts half, beside what was hoped for.
    this.#scoreMs.set(
      size,
      this.#scoreMs.has(size) ? blend(this.#scoreMs.get(size), scoreMs) : this.#first(size, scoreMs),
    );
  }

  /** Drafted tokens that the next chunk should have. */
  get size(): number {
    const [draftMs, scoreMs] = [this.#draftMsPerToken, this.#scoreMs.get(USUAL_CHUNK)];
    if (draftMs === undefined || scoreMs === undefined || this.#usualChunks < LEAST_CHUNKS) return USUAL_CHUNK;
    if (USUAL_CHUNK * draftMs + scoreMs < SHORT_MS) return USUAL_CHUNK;
    const costs: ChunkCosts = {
      draftMsPerToken: draftMs,
      scoreMs: (size) => this.#scoreMs.get(size) ?? this.#hopedMs(size)!,
    };
    return chunkSize(costs);
  }

  #first(size: number, ms: number): number {
    const hoped = this.#hopedMs(size);
    return hoped === undefined ? ms : (hoped + ms) / 2;
  }

  /** Of a size that was not tried: no more than the next smaller one, or what two smaller ones lead to. */
  #hopedMs(size: number): number | undefined {
    const smaller = [...this.#scoreMs].filter(([known]) => known < size).sort(([a], [b]) => b - a);
    const [[nearSize, nearMs] = [], [farSize, farMs] = []] = smaller;
    if (nearSize === undefined || nearMs === undefined) return undefined;
    if (farSize === undefined || farMs === undefined) return nearMs;
    const slope = Math.max((nearMs - farMs) / (nearSize - farSize), 0);
    return nearMs + slope * (size - nearSize);
  }
}

const timesOf = new WeakMap<object, ChunkTimes>();

/** Kept from one response to the next, as long as the base is loaded. */
export function chunkTimesOf(base: object): ChunkTimes {
  const known = timesOf.get(base);
  if (known) return known;
  const times = new ChunkTimes();
  timesOf.set(base, times);
  return times;
}

function blend(before: number | undefined, ms: number): number {
  if (before === undefined) return ms;
  return before + NEWS * (Math.min(ms, MOST * before) - before);
}
