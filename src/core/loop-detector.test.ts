import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoopDetector } from './loop-detector.ts';

/** How many tokens were read when the loop was noticed. */
function noticedAt(tokens: readonly Uint8Array[]): number | undefined {
  const detector = new LoopDetector();
  const index = tokens.findIndex((token) => detector.push(token));
  return index < 0 ? undefined : index + 1;
}

const words = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => new TextEncoder().encode(` w${from + i}`));
const times = <T>(count: number, passage: readonly T[]) => Array.from({ length: count }, () => passage).flat();

test('a passage of 12 tokens is a loop with the last token of its third time', () => {
  assert.equal(noticedAt([...words(100, 7), ...times(3, words(0, 12))]), 7 + 36);
  assert.equal(noticedAt([...words(100, 7), ...times(2, words(0, 12)), ...words(0, 11)]), undefined);
});

test('a long passage is noticed, up to 512 tokens', () => {
  assert.equal(noticedAt(times(3, words(0, 512))), 3 * 512);
  assert.equal(noticedAt(times(4, words(0, 513))), undefined);
});

test('a passage that repeats a part of its own is noticed', () => {
  const passage = [...words(0, 13), ...words(0, 13), ...words(50, 3)];
  assert.equal(noticedAt(times(3, passage)), 3 * passage.length);
});

test('a short passage counts as often as it takes to make 12 tokens', () => {
  assert.equal(noticedAt(times(40, words(0, 1))), 36);
  assert.equal(noticedAt(times(40, words(0, 5))), 45);
});

test('a character of four bytes, a token for each byte, is noticed', () => {
  const bytes = [...new TextEncoder().encode('😀')].map((byte) => Uint8Array.of(byte));
  assert.equal(noticedAt(times(20, bytes)), 36);
});

test('rows of a table that come again between others are no loop', () => {
  const row = words(0, 12);
  assert.equal(
    noticedAt([...row, ...words(20, 3), ...row, ...words(30, 3), ...row, ...words(40, 3), ...row]),
    undefined,
  );
});
