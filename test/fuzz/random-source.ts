import { seededRandom } from '../fixtures/tiny-gguf/seeded-random.ts';

/** Choices for mutations, the same for the same seed. */
export interface RandomSource {
  /** From 0 to `limit - 1`. */
  readonly below: (limit: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
}

export function randomSource(seed: number): RandomSource {
  const next = seededRandom(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, pick: (items) => items[below(items.length)]! };
}
