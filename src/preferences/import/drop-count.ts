import type { DroppedReason } from './import-report.ts';

const SHOWN = 3;

/** Counts records that were dropped, by their reasons. */
export class DropCount {
  readonly #reasons = new Map<string, { count: number; first: string[] }>();

  add(reason: string, origin: string): void {
    this.addAll({ reason, count: 1, first: [origin] });
  }

  addAll({ reason, count, first }: DroppedReason): void {
    const known = this.#reasons.get(reason) ?? { count: 0, first: [] };
    known.count += count;
    known.first.push(...first.slice(0, SHOWN - known.first.length));
    this.#reasons.set(reason, known);
  }

  get count(): number {
    return [...this.#reasons.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** The most frequent first. */
  get reasons(): DroppedReason[] {
    return [...this.#reasons]
      .map(([reason, { count, first }]) => ({ reason, count, first }))
      .sort((a, b) => b.count - a.count);
  }
}
