import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TokenId } from './language-model.ts';
import type { ChatMessage } from './prompt-format.ts';
import { promptedReward } from './prompted-reward.ts';
import { rewardsOf } from './rewards-of.ts';
import type { SequenceScorer } from './sequence-scorer.ts';

const MESSAGES = [{ role: 'user', content: 'Q' }] as const;

/** Scores a text by its length, and keeps how many texts it got at once. */
function lengthScorer() {
  const batches: number[] = [];
  const scorer: SequenceScorer = {
    id: 'length',
    info: { contextLength: 100, vocabularySize: 1, controlTexts: [] },
    encode: (text) => Promise.resolve(Array.from(text.map((segment) => segment.text).join(''), () => 0 as TokenId)),
    scoreSequences(sequences, { signal } = {}) {
      signal?.throwIfAborted();
      batches.push(sequences.length);
      return Promise.resolve(sequences.map(({ length }) => length));
    },
    close: () => Promise.resolve(),
  };
  return { scorer, batches };
}

const format = {
  format: (messages: readonly ChatMessage[]) => ({
    text: messages.map(({ role, content }) => ({ text: `${role[0]!}:${content};`, control: false })),
    stop: [],
  }),
};

suite('a prompted reward model', () => {
  test('rewards the conversation with the response as its last message', async () => {
    const { scorer, batches } = lengthScorer();
    const model = promptedReward(scorer, format);
    assert.equal(await model.reward(MESSAGES, 'abc'), 'u:Q;a:abc;'.length);
    assert.deepEqual(await rewardsOf(model, MESSAGES, ['', 'a', 'ab']), [7, 8, 9]);
    assert.deepEqual(batches, [1, 3]);
  });

  test('stops before it begins where its signal is aborted', async () => {
    const { scorer, batches } = lengthScorer();
    const model = promptedReward(scorer, format);
    await assert.rejects(model.reward(MESSAGES, 'a', { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.deepEqual(batches, []);
  });
});

test('a model without a way to reward several at once is asked for each, at the same time', async () => {
  const asked: string[] = [];
  const model = {
    id: 'one by one',
    async reward(_: readonly ChatMessage[], response: string) {
      asked.push(response);
      await Promise.resolve();
      return response.length;
    },
    close: () => Promise.resolve(),
  };
  const rewards = rewardsOf(model, MESSAGES, ['a', 'bb', '']);
  assert.deepEqual(asked, ['a', 'bb', '']);
  assert.deepEqual(await rewards, [1, 2, 0]);
});
