import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import fc from 'fast-check';
import { openTinyEngine, type TinyEngine } from '../../../test/fixtures/tiny-engine.ts';
import { decode } from '../../assembly/decode.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import type { Pair } from '../../assembly/load-pair.ts';
import { describeRequest } from '../../assembly/run-request.ts';
import { type RunResult, toRunResult } from '../../assembly/run-result.ts';
import { windowedConfidence } from '../../core/criteria/windowed-confidence.ts';
import { promptedWriter } from '../../core/prompted-writer.ts';
import { chatTemplate } from '../../prompts/chat-template.ts';
import { plainForm } from '../../prompts/plain-form.ts';
import { requestFormat } from './request-format.ts';
import { verifyTrace } from './verify-trace.ts';

const RUNS = { numRuns: 40 };

type Tokens = RunResult['tokens'];

suite('a trace of the tiny pair', () => {
  let engine: TinyEngine;
  let pair: Pair;
  before(async () => {
    engine = await openTinyEngine();
    const base = await engine.open('sentencepiece');
    const drafter = await engine.open('byte-bpe');
    const { chatTemplate: source = '', ...info } = drafter.info;
    const draft = promptedWriter(drafter, chatTemplate({ source, owner: 'byte-bpe', ...info }));
    pair = { base, baseFormat: plainForm(base.info), draft, close: () => Promise.resolve() };
  });
  after(() => engine.close());

  async function traceOf(options: DecodeOptions = {}): Promise<RunResult> {
    const asked = { prompt: 'Tell me a story.', ...options };
    const events = decode(pair, asked);
    for (;;) {
      const { done, value } = await events.next();
      // As a file would have it.
      if (done) return JSON.parse(JSON.stringify(toRunResult(value, describeRequest(asked, {}, {})))) as RunResult;
    }
  }

  const verify = (trace: RunResult) =>
    verifyTrace(trace, pair.base, { toleranceNats: 0.05, format: requestFormat(trace.request, pair.base) });

  const TRUE: Readonly<Record<string, DecodeOptions>> = {
    'a switch in the middle': {},
    'a draft that ended first': { gamma: 1 },
    'a draft at its limit': { maxDraft: 5 },
    'no draft at all': { maxDraft: 0, maxTokens: 12 },
    'a limit of the base': { maxTokens: 2 },
    'a limit of the whole': { maxResponseTokens: 20 },
    'a limit within the draft': { maxResponseTokens: 3 },
    'a stop string in the base': { stop: ['door'] },
    'a stop string in the draft': { stop: [' old'] },
    'an end with the draft': { gamma: 1, onNoSwitch: 'stop' },
    'another criterion': { criterion: 'allOf(confidence(threshold=0.3), after(8, token(0.2)))' },
    'a criterion of ranks': { criterion: 'agreement(window=3, share=1)' },
    'a begun answer': {
      prompt: undefined,
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'Rain' },
      ],
    },
    'the base alone': { strategy: 'base', maxTokens: 15 },
    URIAL: { strategy: 'urial', urialExamples: '[User]\nAnother.\n[Assistant]\nThere was a cat.', maxTokens: 15 },
  };
  for (const [name, options] of Object.entries(TRUE)) {
    test(`is true with ${name}`, async () => {
      const { verdict, findings, difference } = await verify(await traceOf(options));
      assert.deepEqual([verdict, findings], ['true', []]);
      assert.ok((difference?.greatestNats ?? 0) < 0.001, JSON.stringify(difference));
    });
  }

  test('that can be checked in part says which part was not', async () => {
    for (const [options, claim] of [
      [{ temperature: 0.7, seed: 1 }, 'greedy'],
      [{ repetitionPenalty: 1.3 }, 'greedy'],
      [{ strategy: 'nudging' }, 'greedy'],
      [{ strategy: 'draft', maxTokens: 5 }, 'probability'],
      [{ criterion: { ...windowedConfidence(), name: 'mine' } }, 'switch'],
    ] as const) {
      const { verdict, findings } = await verify(await traceOf(options));
      assert.deepEqual([verdict, findings.map((finding) => finding.claim)], ['unchecked', [claim]]);
    }
  });

  const forged = async (trace: RunResult, claim: string): Promise<void> => {
    const { verdict, findings } = await verify(trace);
    assert.equal(verdict, 'false', JSON.stringify(findings));
    assert.ok(
      findings.some((finding) => finding.claim === claim),
      `${claim}: ${JSON.stringify(findings)}`,
    );
  };

  const withToken = (trace: RunResult, index: number, change: Partial<Tokens[number]>): RunResult => ({
    ...trace,
    tokens: trace.tokens.map((token, i) => (i === index ? { ...token, ...change } : token)),
  });

  test('with one forged source, id, probability, window or text is found, wherever it is', async () => {
    const trace = await traceOf();
    const places = fc.nat(trace.tokens.length - 1);
    const kept = fc.nat(trace.switch!.index - 1);
    const found = async (lie: RunResult) => (await verify(lie)).verdict === 'false';
    await fc.assert(
      fc.asyncProperty(places, (i) =>
        found(withToken(trace, i, trace.tokens[i]!.source === 'draft' ? { source: 'base' } : { source: 'draft' })),
      ),
      RUNS,
    );
    await fc.assert(
      fc.asyncProperty(places, fc.nat(250), (i, id) =>
        found(withToken(trace, i, { id: id === trace.tokens[i]!.id ? id + 1 : id })),
      ),
      RUNS,
    );
    await fc.assert(
      fc.asyncProperty(kept, fc.double({ min: 0.06, max: 20, noNaN: true }), (i, by) => {
        const logprob = trace.tokens[i]!.logprob!;
        return found(withToken(trace, i, { logprob: logprob - by * Math.max(1, -logprob / 5) }));
      }),
      RUNS,
    );
    await fc.assert(
      fc.asyncProperty(kept, fc.double({ min: 0, max: 1, noNaN: true }), (i, window) => {
        const own = trace.tokens[i]!.window;
        fc.pre(own === null || Math.abs(own - window) > 1e-5);
        return found(withToken(trace, i, { window }));
      }),
      RUNS,
    );
    await fc.assert(
      fc.asyncProperty(places, fc.string(), (i, text) => {
        fc.pre(text !== trace.tokens[i]!.text);
        const lie = withToken(trace, i, { text });
        return found({ ...lie, text: lie.tokens.map((token) => token.text).join('') });
      }),
      RUNS,
    );
    await fc.assert(
      fc.asyncProperty(fc.string(), (text) => found({ ...trace, text: text === trace.text ? `${text}.` : text })),
      RUNS,
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(40), (index) => {
        fc.pre(index !== trace.switch!.index);
        return found({ ...trace, switch: { ...trace.switch!, index } });
      }),
      RUNS,
    );
  });

  test('whose source, switch and counts are forged together is found by the criterion', async () => {
    const trace = await traceOf();
    for (const shift of [-3, -1, 1, 2]) {
      const index = trace.switch!.index + shift;
      const tokens: Tokens = trace.tokens.map((token, i) =>
        i < index
          ? { ...token, source: 'draft', logprob: token.logprob ?? -0.01, window: token.window }
          : { ...token, source: 'base', logprob: null, window: null },
      );
      const usage = { ...trace.usage, keptDraftTokens: index, baseTokens: tokens.length - index };
      await forged({ ...trace, tokens, usage, switch: { ...trace.switch!, index } }, 'switch');
    }
  });

  test('that was cut, or goes on where the base would not, is found', async () => {
    const trace = await traceOf();
    const cut = trace.tokens.slice(0, -2);
    const text = cut.map((token) => token.text).join('');
    const usage = { ...trace.usage, baseTokens: trace.usage.baseTokens - 2, totalTokens: trace.usage.totalTokens - 2 };
    await forged({ ...trace, tokens: cut, text, usage }, 'end');
    await forged({ ...trace, tokens: cut, text, usage, finishReason: 'length' }, 'end');
    const other = await traceOf({ strategy: 'base', maxTokens: 8 });
    const [, ...rest] = other.tokens;
    const wrong = [...rest, rest[0]!];
    await forged({ ...other, tokens: wrong, text: wrong.map((token) => token.text).join('') }, 'greedy');
  });

  test('of another question, prompt or criterion is found', async () => {
    const trace = await traceOf();
    const asked = (request: Partial<RunResult['request']>) => ({ ...trace, request: { ...trace.request, ...request } });
    await forged(asked({ messages: [{ role: 'user', content: 'Tell me a lie.' }] }), 'prompt');
    const other = await traceOf({ prompt: 'Tell me a song.' });
    await forged(asked({ prompt: other.request.prompt, messages: other.request.messages }), 'probability').catch(() =>
      forged(asked({ prompt: other.request.prompt, messages: other.request.messages }), 'prompt'),
    );
    await forged(asked({ criterion: 'confidence(window=6, threshold=0.3)' }), 'switch');
  });

  test('with many small lies is found by their mean', async () => {
    const trace = await traceOf({ strategy: 'wsd', gamma: 1 });
    const tokens = trace.tokens.map((token) => ({ ...token, logprob: token.logprob! - 0.03 }));
    const { findings } = await verify({ ...trace, tokens });
    assert.match(findings[0]!.message, /^ln P differs by 0\.030 on average, by more than 0\.02\d\.$/);
  });

  test('that does not fit the base as it was opened is refused by its numbers', async () => {
    const small = await engine.open('sentencepiece', { contextLength: 24 });
    await assert.rejects(
      verifyTrace(await traceOf(), small),
      /have \d+ tokens, and .* was opened with 24: raise context/,
    );
  });
});
