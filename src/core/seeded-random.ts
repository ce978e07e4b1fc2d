/**
 * Numbers in [0, 1): the same for the same seed, new ones each time without. A 32-bit counter through an integer hash
 * (the finalizer of MurmurHash3), which is enough to draw tokens and to accept segments.
 */
export function seededRandom(seed = Math.floor(Math.random() * 2 ** 32)): () => number {
  let counter = seed | 0;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let hash = counter;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  };
}
