import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { alignedLikelihood } from '../../bench/recheck/aligned-likelihood.ts';
import { attack, INSERTIONS } from '../../bench/recheck/attack.ts';
import {
  createStrategy,
  type DecodeEvent,
  type DecodeTrace,
  type DecodingStrategy,
  loadPair,
  type Pair,
  type RewardModel,
  type TokenId,
} from '../../src/index.ts';
import { loadModels, type Models } from '../../src/assembly/load-pair.ts';
import { assertSameButForTies, assertSameTokensButForTies, type Origin, TIE_NATS } from './assert-same-but-for-ties.ts';
import { PROMPTS } from './support.ts';

const QUESTION = PROMPTS[3]!;
const SETTINGS = { threads: 1, context: 1536 } as const;

suite('strategies on the default pair', () => {
  let pair: Pair;
  let aligned: Models;
  let judge: RewardModel;
  let models: Models;
  before(async () => {
    pair = await loadPair({ ...SETTINGS, parallel: 4 });
    aligned = await loadModels({ ...SETTINGS, base: 'smollm2-135m-instruct', template: 'chat' }, ['base'], {
      textsAtOnce: 4,
    });
    judge = alignedLikelihood(aligned.base!, aligned.baseFormat!);
    models = { ...pair, reward: judge, aligner: aligned.base! };
  });
  after(async () => {
    await pair.close();
    await aligned.close();
  });

  const decode = async (
    strategy: string | DecodingStrategy,
    request: Partial<Parameters<DecodingStrategy['decode']>[0]> = {},
  ): Promise<{ events: DecodeEvent[]; trace: DecodeTrace }> => {
    const chosen = typeof strategy === 'string' ? createStrategy(strategy, models) : strategy;
    const response = chosen.decode({ messages: [{ role: 'user', content: QUESTION }], maxTokens: 32, ...request });
    const events: DecodeEvent[] = [];
    for (;;) {
      const next = await response.next();
      if (next.done) return { events, trace: next.value };
      events.push(next.value);
    }
  };

  const assertIsWeakToStrong = async (strategy: string): Promise<void> => {
    const origin: Origin = {
      base: { model: pair.base, format: pair.baseFormat },
      // The same model that drafts, with the same template.
      draft: { model: aligned.base!, format: aligned.baseFormat! },
      gamma: 0.8,
      messages: [{ role: 'user', content: QUESTION }],
    };
    await assertSameButForTies((await decode(strategy)).trace, (await decode('wsd')).trace, origin);
  };

  for (const strategy of [
    'urial',
    'nudging',
    'handback',
    'aligner',
    'best-of-n(n=2)',
    'args(k=3)',
    'cards(threshold=-1, tries=2)',
  ]) {
    test(`${strategy} answers in whole characters, and its trace adds up`, async (context) => {
      // Some samples of this base are bytes that are no text; those of this seed are words.
      const { events, trace } = await decode(strategy, { sampling: { temperature: 0, seed: 3 }, maxTokens: 24 });
      const text = events.map((event) => (event.type === 'token' ? event.text : '')).join('');
      assert.ok(text.trim() !== '' && text === trace.text && !text.includes('\u{FFFD}'));
      const { keptDraftTokens, baseTokens } = trace.usage;
      assert.equal(keptDraftTokens + baseTokens, trace.tokens.length);
      assert.equal(trace.strategy, strategy.replace(/\(.*/u, ''));
      context.diagnostic(JSON.stringify(text));
    });
  }

  test('nudging and weak-to-strong decoding begin alike: with the draft', async () => {
    const nudged = (await decode('nudging')).trace;
    assert.equal(nudged.tokens[0]?.source, 'draft');
    assert.ok(nudged.tokens.some(({ source }) => source === 'base'));
    const drafted = (await decode('draft')).trace;
    assert.equal(nudged.text.split(' ')[0], drafted.text.split(' ')[0]);
  });

  test('nudging at threshold 0 is the base after the draft’s first word', async () => {
    const { trace } = await decode('nudging(threshold=0)', { maxTokens: 16 });
    const first = trace.tokens.findIndex(({ source }) => source === 'base');
    const { base, baseFormat } = pair;
    const opening = trace.tokens
      .slice(0, first)
      .map(({ text }) => text)
      .join('');
    const prompt = baseFormat.format([{ role: 'user', content: QUESTION }]).text;
    const prefix = await base.encode([...prompt, { text: opening, control: false }]);
    const alone: TokenId[] = [];
    for await (const { token } of base.generate(prefix, { temperature: 0, maxTokens: 8 })) alone.push(token);
    const written = trace.tokens.slice(first, first + alone.length).map(({ id }) => id!);
    await assertSameTokensButForTies(base, prefix, [written, alone]);
  });

  test('args without weight is greedy decoding, and with it gets more reward', async () => {
    const request = { maxTokens: 16 };
    const greedy = (await decode('base', request)).trace.text;
    await assertGreedy(pair, (await decode('args(k=3, weight=0)', request)).trace);
    const led = (await decode('args(k=5, weight=4)', request)).trace.text;
    const messages = [{ role: 'user', content: QUESTION }] as const;
    assert.ok((await judge.reward(messages, led)) > (await judge.reward(messages, greedy)));
  });

  test('handback without exchanges is weak-to-strong decoding', async () => {
    await assertIsWeakToStrong('handback(exchanges=0)');
  });

  test('recheck with a bound that nothing reaches is weak-to-strong decoding too', async () => {
    await assertIsWeakToStrong('recheck(reward=-1000)');
  });

  test('an inserted threat is shown by weak-to-strong decoding, and taken back by recheck', async () => {
    for (const [i, insertion] of INSERTIONS.entries()) {
      const attacked = { prompt: PROMPTS[i]!, insertion, maxTokens: 24 };
      const plain = await attack('wsd', pair, attacked);
      assert.ok(plain.text.includes(insertion.trim()), plain.text);
      const checked = await attack('recheck(reward=-3.5)', pair, { ...attacked, judge });
      assert.ok(!checked.text.includes(insertion.trim().slice(0, 12)), checked.text);
      assert.equal(checked.handBacks?.[0]?.reason, 'rejected');
      assert.ok(checked.text.length > 40);
    }
  });

  test('an abort in the middle of any of them ends it', async () => {
    for (const strategy of ['nudging', 'handback', 'recheck', 'args(k=2)', 'cards(tries=1)', 'best-of-n(n=2)']) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 400);
      await assert.rejects(
        decode(strategy, { signal: controller.signal, maxTokens: 500 }),
        { name: 'AbortError' },
        strategy,
      );
    }
    assert.ok((await decode('base', { maxTokens: 4 })).trace.text.length > 0);
  });
});

/** Each token is the base's first choice, or as good as it. */
async function assertGreedy({ base, baseFormat }: Pair, { tokens }: DecodeTrace): Promise<void> {
  const prefix = await base.encode(baseFormat.format([{ role: 'user', content: QUESTION }]).text);
  const ids = tokens.map(({ id }) => id!);
  for (const { logprob, firstChoiceLogprob } of await base.score(prefix, ids, { statistics: true })) {
    assert.ok(logprob > firstChoiceLogprob! - TIE_NATS, `${logprob} beside ${firstChoiceLogprob!}`);
  }
}
