import { createCipheriv, createHash } from 'node:crypto';

const DRAWS_AT_ONCE = 4096;
const RANGE = 2 ** 32;

/** Puts the lines into an order that the seed alone decides (Fisher and Yates), in place. */
export function shuffleLines(lines: Uint32Array, seed: number): void {
  const draw = draws(seed);
  for (let last = lines.length - 1; last > 0; last--) {
    const other = below(last + 1, draw);
    [lines[last], lines[other]] = [lines[other]!, lines[last]!];
  }
}

/** Evenly from 0 to bound − 1: draws from the incomplete last multiple of the bound are thrown away. */
function below(bound: number, draw: () => number): number {
  const limit = RANGE - (RANGE % bound);
  for (;;) {
    const value = draw();
    if (value < limit) return value % bound;
  }
}

/** Even 32-bit numbers: the key stream of AES-256 in counter mode, the same everywhere and for ever. */
function draws(seed: number): () => number {
  const key = createHash('sha256').update(`wellbegun shuffle ${seed}`).digest();
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const zeros = Buffer.alloc(4 * DRAWS_AT_ONCE);
  let block = Buffer.alloc(0);
  let next = 0;
  return () => {
    if (next === block.length) [block, next] = [stream.update(zeros), 0];
    const value = block.readUInt32LE(next);
    next += 4;
    return value;
  };
}
