import { type Dimension, DIMENSIONS, type PreferencePair } from './preference-pair.ts';

const MOST_DATA_SETS = 100;

/** Counts pairs by dimension, and by data set with its licence. */
export class DataSetCount {
  readonly dimensions = Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, 0])) as Record<Dimension, number>;
  readonly #dataSets = new Map<string, { source: string; licence: string; pairs: number }>();

  add({ dimension, source, licence }: Pick<PreferencePair, 'dimension' | 'source' | 'licence'>): void {
    this.dimensions[dimension]++;
    const key = JSON.stringify([source, licence]);
    const known = this.#dataSets.get(key) ?? { source, licence, pairs: 0 };
    known.pairs++;
    if (this.#dataSets.size < MOST_DATA_SETS) this.#dataSets.set(key, known);
  }

  /** At most a hundred, the largest first. */
  get dataSets() {
    return [...this.#dataSets.values()].sort((a, b) => b.pairs - a.pairs);
  }
}
