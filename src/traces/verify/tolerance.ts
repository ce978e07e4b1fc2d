/**
 * By how much one logprob may differ, in nats. Quantised models round otherwise where what was scored piece by piece is
 * scored at once: by up to 0.69 nats for one token of the default pair, and 0.18 on average over a short response.
 */
export const TOLERANCE_NATS = 0.75;

/**
 * By how much `count` logprobs may differ on average: nearer to a fifth of it the more they are, so that no lie is spread
 * over many tokens.
 */
export function meanTolerance(nats: number, count: number): number {
  return nats * (0.2 + 1 / Math.sqrt(count));
}
