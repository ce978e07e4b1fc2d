import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { byText, writes } from '../engines/scripted/next-token.ts';
import { scriptedModel } from '../engines/scripted/scripted-model.ts';
import { scriptedWriter } from '../engines/scripted/scripted-writer.ts';
import { wordTokenizer } from '../engines/scripted/word-tokenizer.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { windowedConfidence } from './criteria/windowed-confidence.ts';
import type { DraftWriter } from './draft-writer.ts';
import { ConfigError } from './errors.ts';
import { decode, NEVER_SURE, PROMPT, SURE_LATER } from '../../test/fixtures/known-pair.ts';
import type { SwitchCriterion } from './switch-criterion.ts';
import { weakToStrong } from './weak-to-strong.ts';

test('keeps the draft up to the first sure window, and lets the base go on', async () => {
  const { trace } = await decode(SURE_LATER).collected();
  assert.equal(trace.text, 'abcdXYZ');
  assert.deepEqual(trace.switch, { index: 4, reason: 'confident', draftTokens: 8 });
  assert.equal(trace.finishReason, 'stop');
  assert.deepEqual(trace.models, { base: 'base', draft: 'draft' });
  assert.equal(trace.strategy, 'wsd');
});

test('every kept draft token has its logprob, and its window once that is full', async () => {
  const { trace } = await decode(SURE_LATER).collected();
  const [a, b, c, d, x] = trace.tokens;
  assert.deepEqual(a, { id: 97, text: 'a', source: 'draft', logprob: Math.log(0.9) });
  assert.equal(b?.logprob, Math.log(0.1));
  assert.ok(Math.abs(b.window! - Math.sqrt(0.09)) < 1e-12);
  assert.ok(Math.abs(c!.window! - Math.sqrt(0.09)) < 1e-12);
  assert.ok(Math.abs(d!.window! - 0.9) < 1e-12);
  assert.deepEqual(x, { id: 88, text: 'X', source: 'base' });
});

test('switches at the first possible token: the last of the first window', async () => {
  const { trace } = await decode({ ...SURE_LATER, probabilities: [0.9, 0.9, 0.1] }).collected();
  assert.deepEqual(trace.switch, { index: 2, reason: 'confident', draftTokens: 8 });
  assert.equal(trace.text, 'abXYZ');
});

test('events come in order: start, draft tokens, switch, base tokens, end with the trace', async () => {
  const { events, trace } = await decode(SURE_LATER).collected();
  const names = events.map((event) => (event.type === 'token' ? event.source : event.type));
  assert.deepEqual(names, [
    ...['decode-start', 'draft', 'draft', 'draft', 'draft'],
    ...['model-switch', 'base', 'base', 'base', 'decode-end'],
  ]);
  const end = events.at(-1);
  assert.ok(end?.type === 'decode-end');
  assert.equal(end.trace, trace);
  assert.deepEqual([end.finishReason, end.usage, end.timings], [trace.finishReason, trace.usage, trace.timings]);
});

test('a draft that ended is kept whole, and the base goes on', async () => {
  const { trace } = await decode(NEVER_SURE).collected();
  assert.deepEqual(trace.switch, { index: 4, reason: 'draft-ended', draftTokens: 4 });
  assert.equal(trace.text, 'abcdXYZ');
});

test('a base that stops at once adds nothing', async () => {
  const { trace } = await decode({ ...NEVER_SURE, then: '' }).collected();
  assert.equal(trace.text, 'abcd');
  assert.equal(trace.usage.baseTokens, 0);
  assert.equal(trace.finishReason, 'stop');
});

test('a draft at its limit is kept whole, and the base goes on', async () => {
  for (const maxDraftTokens of [1, 3, 4]) {
    const { trace } = await decode(NEVER_SURE, { maxDraftTokens }).collected();
    assert.deepEqual(trace.switch, { index: maxDraftTokens, reason: 'draft-limit', draftTokens: maxDraftTokens });
    assert.equal(trace.text, `${'abcd'.slice(0, maxDraftTokens)}XYZ`);
  }
});

test('without a switch, the response may end with the draft', async () => {
  const ended = await decode(NEVER_SURE, { onNoSwitch: 'stop' }).collected();
  assert.deepEqual([ended.trace.text, ended.trace.finishReason], ['abcd', 'stop']);
  assert.equal(ended.trace.switch?.reason, 'draft-ended');
  const limit = await decode(NEVER_SURE, { onNoSwitch: 'stop', maxDraftTokens: 2 }).collected();
  assert.deepEqual([limit.trace.text, limit.trace.finishReason], ['ab', 'length']);
  const sure = await decode(SURE_LATER, { onNoSwitch: 'stop' }).collected();
  assert.equal(sure.trace.text, 'abcdXYZ');
});

test('a draft of no tokens leaves all to the base', async () => {
  const none = await decode(NEVER_SURE, { maxDraftTokens: 0 }).collected();
  assert.deepEqual(none.trace.switch, { index: 0, reason: 'draft-limit', draftTokens: 0 });
  assert.equal(none.trace.text, 'XYZ');
  const empty = await decode({ ...NEVER_SURE, draft: '' }).collected();
  assert.deepEqual(empty.trace.switch, { index: 0, reason: 'draft-empty', draftTokens: 0 });
  assert.equal(empty.trace.text, 'XYZ');
});

test('the base reads no blanks from the end of the draft', async () => {
  const { base, collected } = decode({ ...NEVER_SURE, draft: 'ab \n ', probabilities: [0.4, 0.4] });
  const { trace } = await collected();
  assert.equal(trace.text, 'abXYZ');
  assert.deepEqual(trace.switch, { index: 2, reason: 'draft-ended', draftTokens: 5 });
  const continued = base.calls.find(({ method }) => method === 'generate');
  assert.equal(base.vocabulary.textOf(continued!.prefix), `${PROMPT}ab`);
});

test('where a token spans the seam of prompt and draft, it is the first that counts', async () => {
  const tokenizer = wordTokenizer([']\n', '\n\n', ']\nab', 'cd']);
  const next = byText((text) => (text.endsWith('[Assistant') ? { ']\nab': 0.9, x: 0.1 } : { cd: 0.9, '!': 0.1 }));
  const base = scriptedModel({ next, tokenizer });
  const draft = scriptedWriter({ pieces: ['ab', 'cd', ' ', 'e'] });
  const strategy = weakToStrong({
    base,
    draft,
    baseFormat: plainForm({}),
    criterion: windowedConfidence({ window: 2 }),
  });
  const { trace } = await collectEvents(strategy.decode({ messages: [{ role: 'user', content: 'Hi' }], maxTokens: 0 }));
  assert.deepEqual(trace.switch, { index: 2, reason: 'confident', draftTokens: 4 });
  assert.deepEqual(
    trace.tokens.map(({ text }) => text),
    ['ab', 'cd'],
  );
  assert.deepEqual(
    trace.tokens.map(({ logprob }) => logprob),
    [Math.log(0.9), Math.log(0.9)],
  );
  assert.equal(base.vocabulary.textOf(base.calls.find(({ tokens }) => tokens.length > 0)!.prefix), PROMPT.slice(0, -2));
});

test('the base is asked for each drafted token once, and goes on from what it kept', async () => {
  const { base, collected } = decode({ draft: 'a b c d e f g', probabilities: Array<number>(13).fill(0.4), then: 'X' });
  await collected();
  const scored = base.calls.filter(({ method }) => method === 'score');
  assert.ok(scored.length > 1);
  for (const [i, call] of scored.entries()) {
    assert.deepEqual(
      call.prefix,
      scored.slice(0, i).reduce((all, one) => [...all, ...one.tokens], [...scored[0]!.prefix]),
    );
  }
  const continued = base.calls.filter(({ method }) => method === 'generate');
  assert.deepEqual(
    continued.map(({ prefix }) => base.vocabulary.textOf(prefix)),
    [`${PROMPT}a b c d e f g`],
  );
});

test('no more is drafted than a chunk past the switch', async () => {
  const { draft, collected } = decode({
    draft: 'ab cd ef gh ij kl',
    probabilities: Array<number>(17).fill(0.9),
    then: 'X',
  });
  await collected();
  assert.deepEqual(
    draft.calls.map(({ written, ended }) => ({ written, ended })),
    [{ written: 6, ended: true }],
  );
});

test('tokens stream while the draft is still being written', async () => {
  const { draft, response } = decode({
    ...NEVER_SURE,
    draft: 'ab cd ef gh',
    probabilities: Array<number>(11).fill(0.4),
  });
  await response.next();
  const first = await response.next();
  assert.ok(!first.done && first.value.type === 'token');
  assert.ok(draft.calls[0]!.written < 11);
  assert.equal(draft.calls[0]!.ended, false);
  await response.return(undefined as never);
});

test('counts and times belong together', async () => {
  const { trace } = await decode(SURE_LATER).collected();
  assert.deepEqual(trace.usage, {
    promptTokens: PROMPT.length,
    draftTokens: 8,
    keptDraftTokens: 4,
    baseTokens: 3,
    totalTokens: PROMPT.length + 7,
  });
  const { firstTokenMs, draftMs, scoreMs, baseMs, totalMs } = trace.timings;
  assert.ok([draftMs, scoreMs, baseMs].every((ms) => ms > 0));
  assert.ok(draftMs + scoreMs + baseMs <= totalMs);
  assert.ok(firstTokenMs! > 0 && firstTokenMs! <= totalMs);
});

test('an empty response has no first token', async () => {
  const { trace } = await decode({ draft: '', probabilities: [], then: '' }).collected();
  assert.equal(trace.text, '');
  assert.equal(trace.timings.firstTokenMs, undefined);
});

test('the draft reads the conversation and the sampling of the request', async () => {
  const sampling = { temperature: 0.5, seed: 7 };
  const { draft, collected } = decode(NEVER_SURE, { maxDraftTokens: 2 }, { sampling, speculate: false });
  await collected();
  const { messages, options } = draft.calls[0]!;
  assert.deepEqual(messages, [{ role: 'user', content: 'Hi' }]);
  assert.partialDeepStrictEqual(options, { ...sampling, maxTokens: 2 });
  assert.equal(options.proposers, undefined);
});

test('both sides are greedy by default, with 512 and 2048 tokens', async () => {
  const { draft, collected } = decode(NEVER_SURE, {}, { speculate: false });
  await collected();
  assert.partialDeepStrictEqual(draft.calls[0]!.options, { temperature: 0, maxTokens: 512 });
});

test('the draft may look tokens up, unless the request forbids it', async () => {
  const { draft, collected } = decode(NEVER_SURE);
  await collected();
  assert.match(draft.calls[0]!.options.proposers?.[0]?.name ?? '', /^ngram-lookup/);
});

test("one's own criterion is asked once for each token, with statistics where it needs them", async () => {
  const seen: (number | undefined)[] = [];
  const criterion = {
    name: 'own',
    needsStatistics: true,
    start: () => ({
      push: ({ rank }: { readonly rank?: number }) => ({ value: rank, accept: seen.push(rank) === 3 }),
    }),
  };
  const { trace } = await decode(SURE_LATER, { criterion }).collected();
  assert.deepEqual(seen, [1, 2, 1]);
  assert.deepEqual(
    trace.tokens.slice(0, 3).map(({ window }) => window),
    seen,
  );
  assert.equal(trace.switch?.index, 3);
});

test('a chunk of less than a token is one token', async () => {
  for (const chunkTokens of [0, -1, Number.NaN]) {
    const { trace } = await decode(SURE_LATER, { chunkTokens }).collected();
    assert.equal(trace.text, 'abcdXYZ');
  }
});

test('a window out of range is refused where the strategy is made', () => {
  assert.throws(() => decode(SURE_LATER, { criterion: windowedConfidence({ window: 0 }) }), ConfigError);
});

test('blanks at the beginning of a draft are dropped, and no part of its confidence', async () => {
  const seen: (number | undefined)[] = [];
  const criterion: SwitchCriterion = {
    name: 'noting',
    needsStatistics: false,
    needsDraftLogprobs: true,
    start: () => ({
      push({ draftLogprob }) {
        seen.push(draftLogprob);
        return { value: undefined, accept: false };
      },
    }),
  };
  const base = scriptedModel({ next: writes('unused') });
  const pieces = [
    { text: '\n', logprob: -7 },
    { text: ' \n', logprob: -7 },
    { text: '  a', logprob: -1 },
    { text: ' b', logprob: -2 },
  ];
  const draft: DraftWriter = {
    ...scriptedWriter({ pieces: [] }),
    givesLogprobs: true,
    async *write() {
      yield* pieces;
      return await Promise.resolve('stop' as const);
    },
  };
  const strategy = weakToStrong({ base, draft, baseFormat: plainForm({}), criterion, onNoSwitch: 'stop' });
  const { trace } = await collectEvents(strategy.decode({ messages: [{ role: 'user', content: 'Hi' }] }));
  assert.deepEqual([trace.text, seen], ['a b', [-1, -1, -1]]);
  // A beginning of the answer is written on, blanks and all.
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Well,' },
  ] as const;
  const continuing = await collectEvents(strategy.decode({ messages }));
  assert.equal(continuing.trace.text, '\n \n  a b');
});
