import assert from 'node:assert/strict';
import type { DecodeTrace } from '../../src/core/decode-trace.ts';

/** How far the engines' numbers may be apart: their kernels round differently. */
export interface Tolerance {
  readonly logprobNats: number;
  /** Of the window's geometric mean. */
  readonly window: number;
}

/**
 * The same response but for rounding: the same draft tokens with close logprobs, and the same k, unless the window of
 * one engine was close to the threshold where the other one's reached it.
 *
 * @returns how many tokens were compared, and the largest difference of a logprob
 */
export function assertSameResponse(
  actual: DecodeTrace,
  expected: DecodeTrace,
  threshold: number,
  tolerance: Tolerance,
): { readonly tokens: number; readonly worstNats: number; readonly sameIndex: boolean } {
  const [own, other] = [actual, expected].map(({ tokens }) => tokens.filter(({ source }) => source === 'draft'));
  const count = Math.min(own!.length, other!.length);
  let worstNats = 0;
  for (let i = 0; i < count; i++) {
    assert.equal(own![i]!.text, other![i]!.text, `draft token ${i}`);
    worstNats = Math.max(worstNats, Math.abs(own![i]!.logprob! - other![i]!.logprob!));
  }
  assert.ok(worstNats <= tolerance.logprobNats, `a logprob differs by ${worstNats} nats`);
  const sameIndex = actual.switch?.index === expected.switch?.index;
  if (sameIndex) assert.equal(actual.switch?.reason, expected.switch?.reason);
  else {
    const longer = own!.length > other!.length ? own! : other!;
    const window = longer[count - 1]?.window;
    assert.ok(
      window !== undefined && Math.abs(window - threshold) <= tolerance.window,
      `k is ${actual.switch?.index} and ${expected.switch?.index}, and the window there is ${window}`,
    );
  }
  return { tokens: count, worstNats, sameIndex };
}
