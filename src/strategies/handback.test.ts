import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedLength } from '../core/criteria/fixed-length.ts';
import type { DecodeTrace } from '../core/decode-trace.ts';
import { weakToStrong } from '../core/weak-to-strong.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { handback, type HandbackOptions } from './handback.ts';
import { knownBase, MESSAGES, writing } from '../../test/fixtures/known-base.ts';
import { knownDraft } from '../../test/fixtures/known-draft.ts';

const TEXT = 'One fine day. Two sad days. Three odd weeks. Four good years.';

/** The base loses its confidence where the text is between two of these; both models would write the same. */
function parts(unsure: readonly (readonly [number, number])[]) {
  const isUnsure = (i: number) => unsure.some(([from, to]) => i >= from && i < to);
  const { base, baseFormat } = knownBase(writing(TEXT, (i) => (isUnsure(i) ? 0.3 : 0.95)));
  const { model, draft } = knownDraft(writing(TEXT));
  return { base, baseFormat, model, draft, criterion: fixedLength(4), chunkTokens: 2 };
}

async function decode(unsure: readonly (readonly [number, number])[], numbers: Partial<HandbackOptions> = {}) {
  const strategy = handback({ ...parts(unsure), window: 4, threshold: 0.5, ...numbers });
  return await collectEvents(strategy.decode({ messages: MESSAGES }));
}

/** Lengths of the texts that one model wrote in a row, the draft's first. */
function stretches({ tokens }: DecodeTrace): number[] {
  const lengths: number[] = [];
  for (const [i, { source }] of tokens.entries()) {
    if (source !== tokens[i - 1]?.source) lengths.push(0);
    lengths[lengths.length - 1]!++;
  }
  return lengths;
}

test('the draft writes on from the end of the sentence in which the base became unsure', async () => {
  const { trace, events } = await decode([[6, 13]]);
  assert.equal(trace.text, TEXT);
  // "One " is drafted, the base finishes the sentence, four more are drafted, the base writes the rest.
  assert.deepEqual(stretches(trace), [4, 9, 4, TEXT.length - 17]);
  assert.deepEqual(trace.handBacks, [{ reason: 'unsure', index: 13, discardedTokens: 0 }]);
  const changes = events.flatMap((event) =>
    event.type === 'model-switch' || event.type === 'hand-back' ? [event] : [],
  );
  assert.deepEqual(
    changes.map((event) => [event.type, event.index]),
    [
      ['model-switch', 4],
      ['hand-back', 13],
      ['model-switch', 4],
    ],
  );
  assert.equal(trace.switch?.index, 4);
});

test('not in the middle of a sentence, nor where the base is sure', async () => {
  assert.equal((await decode([[5, 9]])).trace.handBacks, undefined);
  assert.equal((await decode([])).trace.handBacks, undefined);
});

test('at most so many times', async () => {
  const all = [[0, TEXT.length]] as const;
  for (const exchanges of [0, 1, 2, 5]) {
    const { trace } = await decode(all, { exchanges });
    assert.equal(trace.handBacks?.length ?? 0, Math.min(exchanges, 4), 'there are four sentences');
    assert.equal(trace.text, TEXT);
  }
});

test('without an exchange it is weak-to-strong decoding, event for event', async () => {
  const unsure = [[6, 13]] as const;
  const own = await decode(unsure, { exchanges: 0 });
  const wsd = await collectEvents(weakToStrong(parts(unsure)).decode({ messages: MESSAGES }));
  const [start, ...events] = own.events.slice(0, -1);
  assert.equal(start?.type, 'decode-start');
  assert.deepEqual(events, wsd.events.slice(1, -1));
  assert.deepEqual(own.trace.usage, wsd.trace.usage);
});

test('a draft that has nothing to add ends the response', async () => {
  const { base, baseFormat } = knownBase(writing(TEXT, () => 0.3));
  const { draft } = knownDraft(writing('One fine day.'));
  const options = { base, baseFormat, draft, criterion: fixedLength(4), window: 4, threshold: 0.5 };
  const { trace, events } = await collectEvents(handback(options).decode({ messages: MESSAGES }));
  assert.deepEqual([trace.text, trace.finishReason], ['One fine day.', 'stop']);
  assert.equal(events.filter(({ type }) => type === 'model-switch').length, 1);
});

test('a stop string ends the response in the turn of the base, which writes nothing more', async () => {
  const known = parts([]);
  const { trace } = await collectEvents(handback(known).decode({ messages: MESSAGES, stop: ['day'] }));
  assert.deepEqual([trace.text, trace.finishReason], ['One fine ', 'stop']);
  assert.equal(known.base.calls.findLast(({ method }) => method === 'generate')?.tokens.length, 'fine day'.length);
});

test('the limit counts what the base wrote in all of its turns', async () => {
  const strategy = handback({ ...parts([[6, 13]]), window: 4, threshold: 0.5 });
  const { trace } = await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: 20 }));
  assert.deepEqual([trace.usage.baseTokens, trace.finishReason], [20, 'length']);
});

test('what was read before is never computed again', async () => {
  const known = parts([[6, 13]]);
  await collectEvents(handback({ ...known, window: 4, threshold: 0.5 }).decode({ messages: MESSAGES }));
  const lengths = known.base.calls.map(({ prefix }) => prefix.length);
  assert.deepEqual(
    lengths,
    lengths.toSorted((a, b) => a - b),
  );
  assert.ok([...known.base.calls, ...known.model.calls].every(({ ended }) => ended));
});

test('the mean is that of the last tokens, no more and no fewer than the window', async () => {
  // Four unsure tokens end the first sentence: their mean is 0.3, with the sure one before them 0.38.
  const mean = { window: 4, threshold: 0.31 };
  assert.equal((await decode([[9, 13]], mean)).trace.handBacks?.[0]?.index, 13);
  assert.equal((await decode([[10, 13]], mean)).trace.handBacks, undefined);
});

test('a mean that is just the threshold is no doubt', async () => {
  const { base, baseFormat } = knownBase(writing(TEXT, () => 0.5));
  const { draft } = knownDraft(writing(TEXT));
  const options = { base, baseFormat, draft, criterion: fixedLength(4), window: 1 };
  const at = async (threshold: number) =>
    (await collectEvents(handback({ ...options, threshold }).decode({ messages: MESSAGES }))).trace.handBacks;
  assert.equal(await at(0.5), undefined);
  assert.equal((await at(0.51))?.length, 2);
});
