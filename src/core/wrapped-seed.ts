/** Any whole number as a seed: 32 bits without a sign. */
export function wrappedSeed(seed: number): number {
  return ((seed % 2 ** 32) + 2 ** 32) % 2 ** 32;
}
