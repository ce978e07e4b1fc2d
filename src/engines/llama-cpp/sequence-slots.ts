import { commonPrefixLength } from '../../core/common-prefix-length.ts';
import type { TokenId } from '../../core/language-model.ts';

/** Where a slot's rows of logits still lie in the buffer of the last decode: position → batch index. */
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
  readonly #canShare: boolean;
  #clock = 0;

  constructor(count: number, memory: SequenceMemory, { canShare }: { readonly canShare: boolean }) {
    this.#memory = memory;
    this.#canShare = canShare;
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
    const slot = isSmallRewind(best, common) ? best : this.#elsewhere(free, best, common);
    slot.busy = true;
    slot.lastUse = ++this.#clock;
    return slot;
  }

  /** Whether a free slot is the beginning of these tokens, or nearly. */
  holdsMostOf(tokens: readonly TokenId[]): boolean {
    return this.#slots.some((slot) => !slot.busy && isMostOf(slot, commonPrefixLength(slot.tokens, tokens)));
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

  /** Another slot than `best`, which belongs to another conversation; its common beginning is shared. */
  #elsewhere(free: readonly SequenceSlot[], best: SequenceSlot, common: number): SequenceSlot {
    const slot = leastRecent(free.filter((candidate) => candidate !== best || common === 0)) ?? best;
    if (slot === best) return best;
    this.truncate(slot, 0);
    if (common > 0 && this.#canShare) {
      this.#memory.share(best.sequence, slot.sequence, common);
      slot.tokens = best.tokens.slice(0, common);
    }
    return slot;
  }
}

/**
 * Whether going on from `common` tokens loses little of the slot. Two short conversations have the beginning of the
 * prompt's form in common, and no more: taking that for a rewind, many at once would take each other's slots.
 */
function isSmallRewind(slot: SequenceSlot, common: number): boolean {
  return slot.tokens.length - common <= SMALL_REWIND && (slot.tokens.length === 0 || isMostOf(slot, common));
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
