import type { DroppedReason } from './import-report.ts';

const SHOWN = 3;

/** Counts records that were dropped, by their reasons. */
export class DropCount {
  readonly #reasons = new Map<string, { count: number; first: string[] }>();

  add(reason: string, origin: string): void {
    const known = this.#reasons.get(reason) ?? { count: 0, first: [] };
    known.count++;
    if (known.first.length < SHOWN) known.first.push(origin);
    this.#reasons.set(reason, known);
  }

  /** The most frequent first. */
  get reasons(): DroppedReason[] {
    return [...this.#reasons]
      .map(([reason, { count, first }]) => ({ reason, count, first }))
      .sort((a, b) => b.count - a.count);
  }
}
