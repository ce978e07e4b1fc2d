/** LLAMA_DEFAULT_SEED: llama.cpp takes it for a wish for any. */
const ANY_SEED = 0xffff_ffff;

/** The seed as llama.cpp and its server follow it. */
export function givenSeed(seed: number): number {
  return seed === ANY_SEED ? 0 : seed;
}
