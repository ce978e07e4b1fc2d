import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstStop } from './first-stop.ts';

test('the stop string that is complete first counts, however many tokens the text came in', () => {
  assert.equal(firstStop('abc d', ['bc d', 'c']), 2);
  assert.equal(firstStop('abc d', ['c', 'bc', '']), 1);
  assert.equal(firstStop('abc', ['d', '']), undefined);
});

test('what is known to hold no stop string is passed over, but for the beginning of one', () => {
  assert.equal(firstStop('END of the END', ['END'], 3), 11);
  assert.equal(firstStop('the EN' + 'D', ['END'], 6), 4);
});
