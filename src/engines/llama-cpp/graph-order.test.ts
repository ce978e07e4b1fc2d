import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { arrange, graphOrder } from './graph-order.ts';

/** One entry for each digit: its sequence. */
function entries(sequences: string): { readonly sequence: number }[] {
  return Array.from(sequences, (digit) => ({ sequence: Number(digit) }));
}

suite('the order in which llama.cpp computes a batch of sequences with cells of their own', () => {
  for (const [sequences, partTokens, order] of [
    ['0000', 512, [0, 1, 2, 3]],
    ['0123', 512, [0, 1, 2, 3]],
    ['0011', 512, [0, 1, 2, 3]],
    // One token of each, then what is left of the longest.
    ['01112', 512, [0, 1, 4, 2, 3]],
    // What is no neighbour is computed behind.
    ['0022', 512, [0, 1, 2, 3]],
    ['002211', 512, [0, 1, 4, 5, 2, 3]],
    ['00001111', 4, [0, 1, 4, 5, 2, 3, 6, 7]],
    ['3210', 512, [0, 1, 2, 3]],
  ] as const) {
    test(`${sequences} in parts of ${partTokens}`, () => {
      assert.deepEqual(graphOrder(entries(sequences), partTokens), order);
    });
  }
});

test('entries are arranged in the order of sequences, and against it where each is computed alone', () => {
  const sequencesOf = (partTokens: number | undefined): string => {
    const batch = entries('20110');
    arrange(batch, partTokens);
    return batch.map(({ sequence }) => sequence).join('');
  };
  assert.equal(sequencesOf(undefined), '00112');
  assert.equal(sequencesOf(1), '21100');
});
