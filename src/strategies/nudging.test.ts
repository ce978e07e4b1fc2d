import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DecodeTrace } from '../core/decode-trace.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { scriptedWriter } from '../engines/scripted/scripted-writer.ts';
import { knownBase, MESSAGES, writing } from '../../test/fixtures/known-base.ts';
import { knownDraft } from '../../test/fixtures/known-draft.ts';
import { nudging } from './nudging.ts';

const TEXT = 'one two three four five six';

/** The response with the draft's part in brackets. */
function marked({ tokens }: DecodeTrace): string {
  let marks = '';
  let source = 'base';
  for (const token of tokens) {
    if (token.source !== source) marks += token.source === 'draft' ? '[' : ']';
    source = token.source;
    marks += token.text;
  }
  return source === 'draft' ? `${marks}]` : marks;
}

/** Both models would write the same; the base is sure of it but at some characters. */
async function decode(unsure: readonly number[], options: { threshold?: number; maxTokens?: number } = {}) {
  const { maxTokens = 100, ...numbers } = options;
  const { base, baseFormat } = knownBase(writing(TEXT, (i) => (unsure.includes(i) ? 0.35 : 0.9)));
  const { model, draft } = knownDraft(writing(TEXT));
  const strategy = nudging({ base, baseFormat, draft, ...numbers });
  const collected = await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens }));
  return { base, model, ...collected };
}

test('the first word is the aligned model’s, and each where the base is unsure', async () => {
  const { trace, events } = await decode([13]);
  // Character 13 is the last blank before "four": the base gives up there.
  assert.equal(TEXT[13], ' ');
  assert.equal(marked(trace), '[one] two three[ four] five six');
  assert.deepEqual(events[0], { type: 'decode-start', strategy: 'nudging', models: { base: 'base', draft: 'draft' } });
  assert.deepEqual([trace.finishReason, trace.usage.keptDraftTokens, trace.switch], ['stop', 8, undefined]);
});

test('a base that is unsure within a word gets the rest of it', async () => {
  assert.equal(marked((await decode([5])).trace), '[one] t[wo] three four five six');
});

test('the threshold decides what is unsure', async () => {
  assert.equal(marked((await decode([13], { threshold: 0.3 })).trace), '[one] two three four five six');
  const all = Array.from(TEXT, (_, i) => i);
  assert.equal(marked((await decode(all, { threshold: 0 })).trace), '[one] two three four five six');
});

test('a base that is unsure but would write the next word itself begins it', async () => {
  // Unsure at "four" and all of it: the first nudge is " four"; " five" it would have begun, so it goes on from there.
  const { trace } = await decode([13, 18, 19]);
  assert.equal(marked(trace), '[one] two three[ four] [five] six');
});

test('the logprobs of nudged tokens are the base’s own', async () => {
  const { trace } = await decode([13]);
  const nudged = trace.tokens.find(({ source }, i) => source === 'draft' && i > 4);
  assert.ok(Math.abs(nudged!.logprob! - Math.log(0.35)) < 1e-9);
});

test('more doubts never mean less of the draft, and never another text', async () => {
  const places = fc.uniqueArray(fc.integer({ min: 0, max: TEXT.length - 1 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(places, async (unsure) => {
      const { trace } = await decode(unsure);
      assert.equal(trace.text, TEXT);
      assert.equal(trace.tokens.length, TEXT.length);
      assert.ok(trace.usage.draftTokens >= trace.usage.keptDraftTokens);
    }),
    { numRuns: 40 },
  );
});

test('what was read before is never asked for again', async () => {
  const { base } = await decode([5, 13, 20]);
  const asked = base.calls.filter(({ method }) => method === 'nextTokens').map(({ prefix }) => prefix.length);
  assert.deepEqual(
    asked,
    asked.toSorted((a, b) => a - b),
  );
});

test('the response ends where the aligned model ends, also before the base', async () => {
  const { base, baseFormat } = knownBase(writing('yes and more', (i) => (i === 3 ? 0.2 : 0.9)));
  const { draft } = knownDraft(writing('yes'));
  const { trace } = await collectEvents(nudging({ base, baseFormat, draft }).decode({ messages: MESSAGES }));
  assert.deepEqual([trace.text, trace.finishReason], ['yes', 'stop']);
});

test('the end of the base alone only asks the aligned model', async () => {
  const { base, baseFormat } = knownBase((response) => writing(response.length < 9 ? 'one two' : TEXT)(response));
  const { draft } = knownDraft(writing(TEXT));
  const { trace } = await collectEvents(nudging({ base, baseFormat, draft }).decode({ messages: MESSAGES }));
  assert.equal(marked(trace), '[one] two[ three] four five six');
});

test('at most 150 nudges are given by default', async () => {
  const { base, baseFormat } = knownBase(() => ({ a: 0.3, b: 0.3, c: 0.4 }));
  const words = (response: string) => ({
    [response.length % 2 === 0 ? ' ' : 'abcdefg'[(response.length >> 4) % 7]!]: 1,
  });
  const { draft } = knownDraft(words);
  let nudges = 0;
  const counted = { ...draft, write: (...given: Parameters<typeof draft.write>) => (nudges++, draft.write(...given)) };
  const strategy = nudging({ base, baseFormat, draft: counted, threshold: 0.4 });
  await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: 3500 }));
  assert.equal(nudges, 150);
});

test('a nudge that is cut within a word does not let an unsure base begin', async () => {
  const long = 'abcdefghijklmnopqrstuvwxyz';
  const { base, baseFormat } = knownBase(writing(long, (i) => (i === 16 ? 0.2 : 0.9)));
  const { draft } = knownDraft(writing(long));
  const { trace } = await collectEvents(nudging({ base, baseFormat, draft }).decode({ messages: MESSAGES }));
  assert.equal(marked(trace), '[abcdefghijklmnopqrstuvwxyz]');
});

test('limits end it: tokens, nudges, and the same nudge again and again', async () => {
  assert.deepEqual(
    [(await decode([13], { maxTokens: 5 })).trace.text, (await decode([], { maxTokens: 2 })).trace.text],
    ['one t', 'on'],
  );
  const { base, baseFormat } = knownBase(() => ({ a: 0.2, b: 0.2, c: 0.2, d: 0.2, e: 0.2 }));
  const same = knownDraft((response) => (response.length % 4 === 0 ? { ' ': 1 } : { x: 1 }));
  const options = { base, baseFormat, draft: same.draft };
  const repeated = await collectEvents(nudging(options).decode({ messages: MESSAGES }));
  assert.equal(repeated.trace.finishReason, 'stop');
  assert.equal(repeated.trace.text, ' xxx xxx xxx'.repeat(4));
  const once = await collectEvents(nudging({ ...options, rounds: 1 }).decode({ messages: MESSAGES }));
  assert.deepEqual([once.trace.text, once.trace.finishReason], [' xxx xxx xxx', 'length']);
});

test('a base that repeats itself word for word is nudged', async () => {
  const loop = ' a b c d e f g h';
  const { base, baseFormat } = knownBase((response) => ({ [loop[response.length % loop.length]!]: 1 }));
  const { draft } = knownDraft((response) =>
    writing(response.length < 40 ? `${response} stop it now` : response)(response),
  );
  const { trace } = await collectEvents(
    nudging({ base, baseFormat, draft }).decode({ messages: MESSAGES, maxTokens: 80 }),
  );
  assert.ok(trace.usage.discardedTokens! > 0);
  assert.ok(trace.text.length < 80);
});

test('a stop string ends it, in a nudge and in the base’s text', async () => {
  for (const [stop, text] of [
    ['ne', 'o'],
    ['thr', 'one two '],
  ] as const) {
    const { base, baseFormat } = knownBase(writing(TEXT));
    const { draft } = knownDraft(writing(TEXT));
    const { trace } = await collectEvents(
      nudging({ base, baseFormat, draft }).decode({ messages: MESSAGES, stop: [stop] }),
    );
    assert.deepEqual([trace.text, trace.finishReason], [text, 'stop']);
  }
});

test('a sampled base draws its tokens, repeatably with a seed', async () => {
  const { base, baseFormat } = knownBase((response) => (response.length < 30 ? { a: 0.5, b: 0.5 } : { '</s>': 1 }));
  const { draft } = knownDraft(writing('z'));
  const sample = async (seed: number) => {
    const request = { messages: MESSAGES, maxTokens: 20, sampling: { temperature: 1, seed } };
    return (await collectEvents(nudging({ base, baseFormat, draft: { ...draft, write: endless } }).decode(request)))
      .trace.text;
  };
  assert.equal(await sample(1), await sample(1));
  const samples = new Set(await Promise.all([1, 2, 3, 4].map(sample)));
  assert.ok(samples.size > 1);
  assert.ok([...samples].every((text) => text.includes('a') && text.includes('b')));
});

test('a draft that can’t go on from a text is refused at start', () => {
  const parts = { ...knownBase(writing(TEXT)), draft: scriptedWriter({ pieces: ['a'] }) };
  assert.throws(() => nudging(parts), { name: 'CapabilityError', code: 'no-continuation' });
});

async function* endless(): AsyncGenerator<{ text: string }, 'stop' | 'length', void> {
  for (;;) yield await Promise.resolve({ text: 'zz ' });
}

test('a base whose first choice has just the threshold is sure', async () => {
  const { base, baseFormat } = knownBase(writing(TEXT, () => 0.5));
  const { draft } = knownDraft(writing(TEXT));
  const at = async (threshold: number) =>
    marked((await collectEvents(nudging({ base, baseFormat, draft, threshold }).decode({ messages: MESSAGES }))).trace);
  assert.equal(await at(0.5), '[one] two three four five six');
  assert.notEqual(await at(0.51), '[one] two three four five six');
});

test('a run that the base wrote since the last nudge already is a reason to nudge, however few its words', async () => {
  // 16 letters of one word, again and again.
  const { base, baseFormat } = knownBase((response) => ({ ['abcdefghijklmnop'[response.length % 16]!]: 1 }));
  const { draft } = knownDraft((response) =>
    writing(response.length < 40 ? `${response} stop now` : response)(response),
  );
  const { trace } = await collectEvents(
    nudging({ base, baseFormat, draft }).decode({ messages: MESSAGES, maxTokens: 200 }),
  );
  assert.equal(trace.usage.discardedTokens, 16 * (trace.tokens.filter(({ source }) => source === 'base').length / 16));
  assert.ok(trace.text.length < 80, trace.text);
});
