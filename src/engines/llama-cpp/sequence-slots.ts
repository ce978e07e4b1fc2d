import { commonPrefixLength } from '../../core/common-prefix-length.ts';
import type { TokenId } from '../../core/language-model.ts';

/** Where a slot's rows of logits, or their states, still lie in the buffer of the last decode: position → batch index. */
export type LiveRows = Map<number, number>;

/** One sequence of the KV cache. */
export interface SequenceSlot {
  readonly sequence: number;
  /** What the cache holds for it. */
  tokens: TokenId[];
  busy: boolean;
  lastUse: number;
  rows: LiveRows;
}

/** What the native cache does for the slots. */
export interface SequenceMemory {
  truncate(sequence: number, position: number): boolean;
  share(source: number, target: number, length: number): void;
}

/**
 * Rather lose this many tokens of a slot than begin another one: a switch or a re-drafted chunk rewinds a little, a
 * different conversation a lot.
 */
const SMALL_REWIND = 64;

/** Finds the cached sequence that a request can go on from: longest common prefix, least recent use evicted. */
export class SequenceSlots {
  readonly #slots: readonly SequenceSlot[];
  readonly #memory: SequenceMemory;
  readonly #leastShared: number;
  #clock = 0;

  /** @param leastShared fewest tokens at the beginning of a text that are worth sharing; Infinity: they can't be shared */
  constructor(count: number, memory: SequenceMemory, { leastShared }: { readonly leastShared: number }) {
    this.#memory = memory;
    this.#leastShared = leastShared;
    this.#slots = Array.from({ length: count }, (_, sequence) => ({
      sequence,
      tokens: [],
      busy: false,
      lastUse: 0,
      rows: new Map<number, number>(),
    }));
  }

  /**
   * A free slot for these tokens, marked busy; `slot.tokens` begins like `tokens` as far as the cache could help.
   * Undefined while every slot is busy.
   */
  acquire(tokens: readonly TokenId[]): SequenceSlot | undefined {
    const free = this.#slots.filter((slot) => !slot.busy);
    if (free.length === 0) return undefined;
    const best = longestMatch(free, tokens);
    const common = commonPrefixLength(best.tokens, tokens);
    const slot = isSmallRewind(best, tokens, common) ? best : this.#elsewhere(free, best, common);
    this.#shareFromBusy(slot, tokens);
    slot.busy = true;
    slot.lastUse = ++this.#clock;
    return slot;
  }

  /** Whether a free slot is the beginning of these tokens, or nearly. */
  holdsMostOf(tokens: readonly TokenId[]): boolean {
    return this.#slots.some((slot) => !slot.busy && isMostOf(slot, commonPrefixLength(slot.tokens, tokens)));
  }

  /** How many rows from position `from` on lie ready in a free slot that begins like these tokens. */
  liveRows(tokens: readonly TokenId[], from: number): number {
    const counts = this.#slots
      .filter((slot) => !slot.busy)
      .map((slot) => {
        const known = commonPrefixLength(slot.tokens, tokens);
        let position = from;
        while (position < known && slot.rows.has(position)) position++;
        return position - from;
      });
    return Math.max(0, ...counts);
  }

  release(slot: SequenceSlot): void {
    slot.busy = false;
    slot.lastUse = ++this.#clock;
  }

  /** Forgets the slot's tokens from `position` on, or all of them where the model's memory can't be cut. */
  truncate(slot: SequenceSlot, position: number): void {
    if (position >= slot.tokens.length) return;
    const cut = this.#memory.truncate(slot.sequence, position);
    if (!cut) this.#memory.truncate(slot.sequence, 0);
    slot.tokens.length = cut ? position : 0;
    for (const row of [...slot.rows.keys()]) if (row >= slot.tokens.length) slot.rows.delete(row);
  }

  /** Frees the cache of the free slot that was not used for longest; false when there is none. */
  evictOne(): boolean {
    const victim = leastRecent(this.#slots.filter((slot) => !slot.busy && slot.tokens.length > 0));
    if (!victim) return false;
    this.truncate(victim, 0);
    return true;
  }

  /** The rows of the last decode are gone. */
  forgetRows(): void {
    for (const slot of this.#slots) slot.rows.clear();
  }

  /**
   * Of several that begin alike, such as samples of one response, the first is at work in the slot that holds the
   * beginning. What is computed there already is shared, if it is more than the chosen slot has.
   */
  #shareFromBusy(slot: SequenceSlot, tokens: readonly TokenId[]): void {
    const busy = this.#slots.filter((other) => other.busy);
    if (busy.length === 0) return;
    const source = longestMatch(busy, tokens);
    const common = commonPrefixLength(source.tokens, tokens);
    if (common < this.#leastShared || common <= commonPrefixLength(slot.tokens, tokens)) return;
    this.truncate(slot, 0);
    this.#memory.share(source.sequence, slot.sequence, common);
    slot.tokens = source.tokens.slice(0, common);
  }

  /** Another slot than `best`, which belongs to another conversation; its common beginning is shared. */
  #elsewhere(free: readonly SequenceSlot[], best: SequenceSlot, common: number): SequenceSlot {
    const slot = leastRecent(free.filter((candidate) => candidate !== best || common === 0)) ?? best;
    if (slot === best) return best;
    this.truncate(slot, 0);
    if (common >= this.#leastShared) {
      this.#memory.share(best.sequence, slot.sequence, common);
      slot.tokens = best.tokens.slice(0, common);
    }
    return slot;
  }
}

/**
 * Whether going on from `common` tokens loses little of the slot, and is most of what the slot or the request has. Two
 * short conversations have the beginning of the prompt's form in common, and no more: taking that for a rewind, many at
 * once would take each other's slots.
 */
function isSmallRewind(slot: SequenceSlot, tokens: readonly TokenId[], common: number): boolean {
  if (slot.tokens.length - common > SMALL_REWIND) return false;
  return slot.tokens.length === 0 || isMostOf(slot, common) || 2 * common > tokens.length;
}

function isMostOf(slot: SequenceSlot, common: number): boolean {
  return 2 * common > slot.tokens.length;
}

function longestMatch(slots: readonly SequenceSlot[], tokens: readonly TokenId[]): SequenceSlot {
  return slots.reduce((best, slot) => (prefers(slot, best, tokens) ? slot : best));
}

/** More in common first, then less to lose. */
function prefers(slot: SequenceSlot, other: SequenceSlot, tokens: readonly TokenId[]): boolean {
  const gain = commonPrefixLength(slot.tokens, tokens) - commonPrefixLength(other.tokens, tokens);
  return gain > 0 || (gain === 0 && slot.tokens.length < other.tokens.length);
}

function leastRecent(slots: readonly SequenceSlot[]): SequenceSlot | undefined {
  return slots.reduce<SequenceSlot | undefined>(
    (oldest, slot) => (oldest && oldest.lastUse <= slot.lastUse ? oldest : slot),
    undefined,
  );
}
