/**
 * Draws an index with probability softmax(scores / temperature); the first of the greatest at temperature 0.
 *
 * @param scores at least one, in nats, such as logits or logprobs
 * @param random gives a number in [0, 1)
 */
export function draw(scores: readonly number[], temperature: number, random: () => number): number {
  const greatest = scores.reduce((most, score) => Math.max(most, score));
  if (temperature === 0) return scores.indexOf(greatest);
  const weights = scores.map((score) => Math.exp((score - greatest) / temperature));
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const drawn = weights.findIndex((weight) => (left -= weight) < 0);
  return drawn < 0 ? scores.indexOf(greatest) : drawn;
}
