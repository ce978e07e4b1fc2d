import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collectEvents } from '../../engines/scripted/collect-events.ts';
import { byText } from '../../engines/scripted/next-token.ts';
import { scriptedModel } from '../../engines/scripted/scripted-model.ts';
import { scriptedWriter } from '../../engines/scripted/scripted-writer.ts';
import { wordTokenizer } from '../../engines/scripted/word-tokenizer.ts';
import { plainForm } from '../../prompts/plain-form.ts';
import type { DraftPiece } from '../draft-writer.ts';
import { CapabilityError } from '../errors.ts';
import type { FinishReason, LanguageModel, TokenId } from '../language-model.ts';
import { promptedWriter } from '../prompted-writer.ts';
import type { DraftedToken, SwitchCriterion } from '../switch-criterion.ts';
import { weakToStrong } from '../weak-to-strong.ts';
import { firstChoiceAgreement } from './first-choice-agreement.ts';
import { DraftConfidence } from './draft-confidence.ts';
import { relativeConfidence } from './relative-confidence.ts';

const encoder = new TextEncoder();

// eslint-disable-next-line @typescript-eslint/require-await
async function* writes(pieces: readonly DraftPiece[]): AsyncGenerator<DraftPiece, FinishReason, void> {
  yield* pieces;
  return 'stop';
}

async function heard(pieces: readonly DraftPiece[]): Promise<DraftConfidence> {
  const confidence = new DraftConfidence();
  const passed: DraftPiece[] = [];
  for await (const piece of confidence.listen(writes(pieces))) passed.push(piece);
  assert.deepEqual(passed, pieces);
  return confidence;
}

const close = (value: number, expected: number) =>
  assert.ok(Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`);

test('one vocabulary: the logprobs themselves', async () => {
  const confidence = await heard([
    { text: 'ab', logprob: -1 },
    { text: 'é', logprob: -2 },
  ]);
  assert.deepEqual([confidence.take(encoder.encode('ab')), confidence.take(encoder.encode('é'))], [-1, -2]);
});

test('the detector is told the draft beside everything else that is known of the token', async () => {
  const confidence = await heard([{ text: 'ab', logprob: -1 }]);
  const told: DraftedToken[] = [];
  const token = { token: 7 as TokenId, logprob: -3, bytes: encoder.encode('ab'), rank: 2, entropy: 4 };
  confidence.tell({ push: (one) => (told.push(one), { value: undefined, accept: false }) }).push(token);
  assert.deepEqual(told, [{ ...token, draftLogprob: -1 }]);
});

test('other boundaries: each token gets the share of its bytes', async () => {
  const confidence = await heard([
    { text: 'abcd', logprob: -4 },
    { text: 'ef', logprob: -1 },
  ]);
  close(confidence.take(encoder.encode('a')), -1);
  close(confidence.take(encoder.encode('bcde')), -3.5);
  close(confidence.take(encoder.encode('f')), -0.5);
});

test('half a character counts for the piece that completes it', async () => {
  const confidence = await heard([
    { text: '', logprob: -1 },
    { text: 'é', logprob: -2 },
  ]);
  close(confidence.take(encoder.encode('é')), -3);
});

test('what no logprob is known of has none', async () => {
  const confidence = await heard([{ text: 'a' }, { text: 'b', logprob: -1 }]);
  assert.ok(Number.isNaN(confidence.take(encoder.encode('a'))));
  close(confidence.take(encoder.encode('b')), -1);
  assert.ok(Number.isNaN(confidence.take(encoder.encode('c'))));
});

test('however the text is cut, the sum is the same', async () => {
  const piece = fc.record({
    text: fc.string({ unit: 'grapheme', minLength: 1 }),
    logprob: fc.double({ min: -20, max: 0, noNaN: true }),
  });
  const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(fc.array(piece), cuts, async (pieces, sizes) => {
      const confidence = await heard(pieces);
      const bytes = encoder.encode(pieces.map(({ text }) => text).join(''));
      let sum = 0;
      for (let from = 0, i = 0; from < bytes.length; i++) {
        const size = sizes[i % sizes.length]!;
        sum += confidence.take(bytes.subarray(from, from + size));
        from += size;
      }
      close(
        sum,
        pieces.reduce((total, { logprob }) => total + logprob, 0),
      );
    }),
  );
});

test('a draft with another vocabulary is compared by its text', async () => {
  const draftModel = scriptedModel({
    id: 'draft',
    tokenizer: wordTokenizer(['abcd', 'ef']),
    next: byText((text) =>
      text.endsWith('\n') ? { abcd: 0.5, x: 0.4 } : text.endsWith('abcd') ? { ef: 0.25, x: 0.2 } : { '</s>': 1 },
    ),
  });
  const base = scriptedModel({ id: 'base', next: byText(() => ({ a: 0.3, b: 0.2, c: 0.1, d: 0.1, e: 0.1, f: 0.1 })) });
  const seen: DraftedToken[] = [];
  const criterion: SwitchCriterion = {
    name: 'listener',
    needsStatistics: false,
    needsDraftLogprobs: true,
    start: () => ({ push: (token) => ({ value: undefined, accept: seen.push(token) === 99 }) }),
  };
  const draft = promptedWriter(draftModel, plainForm({}));
  const strategy = weakToStrong({ base, draft, baseFormat: plainForm({}), criterion });
  await collectEvents(strategy.decode({ messages: [{ role: 'user', content: 'Hi' }], maxTokens: 0 }));
  assert.equal(seen.length, 6);
  for (const [i, { draftLogprob }] of seen.entries())
    close(draftLogprob!, i < 4 ? Math.log(0.5) / 4 : Math.log(0.25) / 2);
});

test('a criterion is refused at once where an engine lacks what it needs', () => {
  const base = scriptedModel({ id: 'plain-base', next: byText(() => ({})) });
  const without: LanguageModel = Object.assign(Object.create(base) as LanguageModel, {
    capabilities: { statistics: false, prefixReuse: true },
  });
  const draft = scriptedWriter({ id: 'remote-draft', pieces: [] });
  const make = (criterion: SwitchCriterion) => () =>
    weakToStrong({ base: without, draft, baseFormat: plainForm({}), criterion });
  assert.throws(make(firstChoiceAgreement()), (error) => {
    return error instanceof CapabilityError && /agreement\(window=8.* the base plain-base /u.test(error.message);
  });
  assert.throws(make(relativeConfidence()), (error) => {
    return error instanceof CapabilityError && /relative\(window=6.* the draft remote-draft /u.test(error.message);
  });
});
