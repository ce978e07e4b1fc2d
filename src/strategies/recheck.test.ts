import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fixedLength } from '../core/criteria/fixed-length.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { writes } from '../engines/scripted/next-token.ts';
import { scriptedModel } from '../engines/scripted/scripted-model.ts';
import { scriptedReward } from '../engines/scripted/scripted-reward.ts';
import { END, knownBase, MESSAGES, writing } from '../../test/fixtures/known-base.ts';
import { knownDraft } from '../../test/fixtures/known-draft.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { recheck, type RecheckNumbers } from './recheck.ts';

const GOOD = 'Be kind. Wash your hands. Sleep well. Read a book.';
const BAD = ' Hurt him.';
const isBad = (text: string) => text.includes('Hurt');

/**
 * A base that is led astray: at the end of these sentences of the good text (0 is the first) it writes a bad one, and
 * after that it goes on with more of it.
 */
function astray(places: readonly number[]) {
  const ends = Array.from(GOOD.matchAll(/\./gu), ({ index }) => index + 1);
  return (response: string): Record<string, number> => {
    const place = ends.findIndex(
      (end, i) => places.includes(i) && response.startsWith(GOOD.slice(0, end)) && BAD.startsWith(response.slice(end)),
    );
    const bad = places.includes(place) ? BAD[response.length - ends[place]!] : undefined;
    if (bad !== undefined) return { [bad]: 0.9, '~': 0.1 };
    return isBad(response) ? { '!': 1 } : writing(GOOD)(response);
  };
}

async function decode(places: readonly number[], numbers: RecheckNumbers = {}, keep = 9) {
  const { base, baseFormat } = knownBase(astray(places));
  const { model, draft } = knownDraft(writing(GOOD));
  const judge = scriptedReward({ id: 'judge', of: (text) => (isBad(text) ? -1 : 1) });
  const strategy = recheck({ base, baseFormat, draft, judge, numbers, criterion: fixedLength(keep), chunkTokens: 3 });
  return { base, model, judge, ...(await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: 200 }))) };
}

test('a bad sentence in the middle is taken back before anyone sees it, and the draft writes on', async () => {
  const { trace, events } = await decode([1]);
  assert.equal(trace.text, GOOD);
  assert.ok(events.every((event) => event.type !== 'token' || !isBad(event.text)));
  assert.deepEqual(trace.handBacks, [{ reason: 'rejected', index: 25, discardedTokens: BAD.length }]);
  assert.equal(trace.usage.discardedTokens, BAD.length);
  // The draft writes " Sleep we", the base finishes.
  assert.deepEqual(
    trace.tokens.map(({ source }) => source[0]).join(''),
    'd'.repeat(9) + 'b'.repeat(16) + 'd'.repeat(9) + 'b'.repeat(GOOD.length - 34),
  );
});

test('adversarial insertions at any sentence are never shown, and the good text is finished', async () => {
  const insertions = fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });
  const settings = fc.record({
    places: insertions,
    sentences: fc.integer({ min: 1, max: 3 }),
    exchanges: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(settings, async ({ places, sentences, exchanges }) => {
      const { trace, judge } = await decode(places, { sentences, exchanges });
      assert.ok(!isBad(trace.text), trace.text);
      assert.ok(GOOD.startsWith(trace.text));
      assert.ok((trace.handBacks?.length ?? 0) <= exchanges);
      assert.ok(judge.rewarded.every((text) => text.length > 9));
    }),
    { numRuns: 60 },
  );
});

test('without it they are shown: the base alone goes astray', async () => {
  const { trace } = await decode([1], { reward: -2 });
  assert.ok(isBad(trace.text));
});

test('after so many times the draft finishes alone', async () => {
  const { trace } = await decode([0, 1, 2, 3], { exchanges: 2 }, 2);
  assert.equal(trace.text, GOOD);
  assert.equal(trace.handBacks?.length, 2);
  assert.ok(trace.tokens.slice(trace.handBacks.at(-1)!.index).every(({ source }) => source === 'draft'));
});

test('each sentence is shown as soon as it was looked at', async () => {
  const { base, baseFormat } = knownBase(writing(GOOD));
  const { draft } = knownDraft(writing(GOOD));
  const shown: string[] = [];
  let text = '';
  const judge = scriptedReward({ of: () => 1, beforeReward: () => void shown.push(text) });
  const strategy = recheck({ base, baseFormat, draft, judge, criterion: fixedLength(4), chunkTokens: 2 });
  for await (const event of strategy.decode({ messages: MESSAGES })) if (event.type === 'token') text += event.text;
  assert.deepEqual(shown, ['Be k', 'Be kind.', 'Be kind. Wash your hands.', 'Be kind. Wash your hands. Sleep well.']);
  assert.deepEqual(judge.rewarded, [
    'Be kind.',
    'Be kind. Wash your hands.',
    'Be kind. Wash your hands. Sleep well.',
    GOOD,
  ]);
  assert.equal(text, GOOD);
});

test('without a reward model the base’s own confidence looks at its text', async () => {
  const low = (i: number) => (i >= 9 && i < 25 ? 0.2 : 0.9);
  const { base, baseFormat } = knownBase(writing(GOOD, low));
  const { draft } = knownDraft(writing(GOOD));
  const options = { base, baseFormat, draft, criterion: fixedLength(4), chunkTokens: 2 };
  const { trace } = await collectEvents(recheck(options).decode({ messages: MESSAGES }));
  assert.equal(trace.text, GOOD);
  assert.deepEqual(
    trace.handBacks?.map(({ index }) => index),
    [8, 12, 16],
  );
  const lenient = await collectEvents(
    recheck({ ...options, numbers: { confidence: 0.1 } }).decode({ messages: MESSAGES }),
  );
  assert.equal(lenient.trace.handBacks, undefined);
});

test('a stop string ends the response, and what lies behind it is not judged', async () => {
  const { base, baseFormat } = knownBase((response) =>
    response.startsWith('Be kind. S') ? { '!': 1 } : writing('Be kind. STOP')(response),
  );
  const { draft } = knownDraft(writing('Be kind.'));
  const judge = scriptedReward({ of: () => 1 });
  const strategy = recheck({ base, baseFormat, draft, judge, criterion: fixedLength(4), chunkTokens: 2 });
  const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, stop: [' S'] }));
  assert.deepEqual([trace.text, trace.finishReason, judge.rewarded.at(-1)], ['Be kind.', 'stop', 'Be kind.']);
});

test('a stop string that begins in the draft and ends in the base is found at the very beginning', async () => {
  const { base, baseFormat } = knownBase(writing(GOOD));
  const { draft } = knownDraft(writing(GOOD));
  const judge = scriptedReward({ of: () => 1 });
  const strategy = recheck({ base, baseFormat, draft, judge, criterion: fixedLength(1), chunkTokens: 1 });
  const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, stop: ['Be'] }));
  assert.deepEqual([trace.text, trace.finishReason, judge.rewarded], ['', 'stop', ['']]);
});

test('the limit of the draft holds for its first turn', async () => {
  const { base, baseFormat } = knownBase(writing(GOOD));
  const { draft } = knownDraft(writing(GOOD));
  const judge = scriptedReward({ of: () => 1 });
  const strategy = recheck({ base, baseFormat, draft, judge, criterion: fixedLength(40), maxDraftTokens: 3 });
  const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: 200 }));
  assert.ok(trace.tokens.filter(({ source }) => source === 'draft').length <= 3);
});

test('a passage that is cut for its length ends with a whole character', async () => {
  const before = `Hello${'x'.repeat(127)}`;
  const base = scriptedModel({ id: 'base', next: writes(`${before}🎉 Hurt him. And more.`) });
  const { draft } = knownDraft((response) =>
    response.length < 5 ? writing('Hello')(response) : { [response.length < 140 ? 'y' : END]: 1 },
  );
  const judge = scriptedReward({ of: (text) => (isBad(text) ? -1 : 1) });
  const baseFormat = plainForm({});
  const strategy = recheck({ base, baseFormat, draft, judge, criterion: fixedLength(5), chunkTokens: 3 });
  const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: 300 }));
  assert.equal(trace.handBacks?.length, 1);
  assert.ok(trace.text.startsWith(`${before}🎉y`) && !trace.text.includes('\uFFFD'), trace.text);
});

test('a bound for rewards needs a reward model', () => {
  const { base, baseFormat } = knownBase(writing(GOOD));
  const { draft } = knownDraft(writing(GOOD));
  assert.throws(() => recheck({ base, baseFormat, draft, numbers: { reward: 1 } }), { code: 'no-reward' });
});

test('a text without an end of a sentence does not stall', async () => {
  const { base, baseFormat } = knownBase((response) => (response.length < 300 ? { a: 1 } : { [END]: 1 }));
  const { draft } = knownDraft(() => ({ a: 1 }));
  const judge = scriptedReward({ of: () => 1 });
  const strategy = recheck({ base, baseFormat, draft, judge, criterion: fixedLength(4) });
  const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES }));
  assert.deepEqual([trace.text.length, judge.rewarded.map(({ length }) => length)], [300, [132, 260, 300]]);
});

test('a reward that is just the bound is good, and so is a confidence', async () => {
  const { base, baseFormat } = knownBase(writing(GOOD, () => 0.5));
  const { draft } = knownDraft(writing(GOOD));
  const options = { base, baseFormat, draft, criterion: fixedLength(4), chunkTokens: 2 };
  const judge = scriptedReward({ of: () => 0.5 });
  const handBacks = async (strategy: ReturnType<typeof recheck>) =>
    (await collectEvents(strategy.decode({ messages: MESSAGES }))).trace.handBacks?.length ?? 0;
  assert.equal(await handBacks(recheck({ ...options, judge, numbers: { reward: 0.5 } })), 0);
  assert.equal(await handBacks(recheck({ ...options, judge, numbers: { reward: 0.51 } })), 3);
  assert.equal(await handBacks(recheck({ ...options, numbers: { confidence: 0.5 } })), 0);
  assert.equal(await handBacks(recheck({ ...options, numbers: { confidence: 0.51 } })), 3);
});
