/** Who has a seed of their own: those who write one response, one after another; the choices of one request. */
const CONSTANTS = { writer: 0x9e3779b9, choice: 0x7feb352d } as const;

/**
 * Seeds of independent streams of draws, from one seed: the first has that seed itself, the others are hashed from it.
 * Consecutive numbers would not do, for two writers of one choice would have the streams of two choices.
 *
 * @param seed 0 to 2³² − 1
 * @param index a whole number ≥ 0
 * @returns 0 to 2³² − 1
 */
export function deriveSeed(seed: number, index: number, purpose: keyof typeof CONSTANTS): number {
  if (index === 0) return seed;
  return mix(mix(seed ^ CONSTANTS[purpose]) + Math.imul(index, 0x9e3779b9));
}

/** The finalizer of MurmurHash3, a bijection of 32 bits. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
