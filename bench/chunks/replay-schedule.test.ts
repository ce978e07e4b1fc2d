import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXAMPLE_TOKENIZERS, scriptedModel, writes } from '../../src/engines/scripted/index.ts';
import type { RecordedDraft } from './recorded-draft.ts';
import { clairvoyantSchedule, replaySchedule } from './replay-schedule.ts';

const base = scriptedModel({ tokenizer: EXAMPLE_TOKENIZERS.characters, next: writes('') });
const COSTS = { draftMsPerToken: 10, scoreMs: (tokens: number) => (tokens === 0 ? 0 : 100 + tokens) };
/** Six words; the base, which reads characters, takes over after the third letter of the third one. */
const DRAFT: RecordedDraft = {
  prompt: [{ text: '>', control: false }],
  pieces: ['one', ' two', ' six', ' ten', ' and', ' end'],
  kept: 11,
  switches: true,
};

test('a schedule drafts whole chunks, and scores all but the last word', async () => {
  // " six" is settled when " ten" begins: chunks of 2 have scored "one", then "one two six".
  assert.deepEqual(await replaySchedule(base, DRAFT, () => 2, COSTS), {
    drafted: 4,
    scored: 11,
    scorings: 2,
    ms: 4 * 10 + (100 + 3) + (100 + 8),
    firstMs: 2 * 10 + 100 + 3,
  });
});

test('a draft without a switch is scored to its end', async () => {
  const whole = { ...DRAFT, kept: 23, switches: false };
  const { drafted, scored, scorings } = await replaySchedule(base, whole, () => 4, COSTS);
  assert.deepEqual([drafted, scored, scorings], [6, 23, 2]);
});

test('who knows the switch drafts no more than shows it, in passes that are allowed', async () => {
  const replayed = async (most: number) =>
    await replaySchedule(base, DRAFT, await clairvoyantSchedule(base, DRAFT, most), COSTS);
  const { drafted, scorings } = await replayed(32);
  assert.deepEqual([drafted, scorings], [4, 1]);
  assert.equal((await replayed(2)).scorings, 2);
});
