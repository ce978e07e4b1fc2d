import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenId } from '../../../core/language-model.ts';
import { GuessableShare } from './guessable-share.ts';

const tokens = (...ids: number[]) => ids as TokenId[];

test('expects the best at first, and follows what a text turns out to be', () => {
  const share = new GuessableShare();
  assert.ok(share.value > 0.95);
  for (let i = 0; i < 200; i++) share.take(tokens(i), () => i % 2 === 0);
  assert.ok(Math.abs(share.value - 0.5) < 0.05);
  for (let i = 0; i < 200; i++) share.take(tokens(i), () => true);
  assert.ok(share.value > 0.98);
});

test('a token that came before in the same text can be guessed', () => {
  const [known, repeated] = [new GuessableShare(), new GuessableShare()];
  known.take(tokens(1, 2, 3, 1, 2, 3), (token) => token > 2);
  repeated.take(tokens(1, 2, 3, 4, 5, 6), (token) => token > 2);
  assert.equal(known.value, repeated.value);
});
