import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { openTinyEngine, type TinyEngine } from '../../test/fixtures/tiny-engine.ts';
import { STORY } from '../../test/fixtures/tiny-gguf/story.ts';
import type { DecodeTrace } from '../core/decode-trace.ts';
import type { DecodeRequest } from '../core/decoding-strategy.ts';
import { promptedWriter } from '../core/prompted-writer.ts';
import { scriptedReward } from '../engines/scripted/scripted-reward.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { chatTemplate } from '../prompts/chat-template.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { createStrategy, STRATEGY_NAMES } from '../assembly/create-strategy.ts';
import type { Models } from '../assembly/load-pair.ts';

/** Rewards texts that are near the beginning of the story. */
const reward = scriptedReward({ id: 'reader', of: (text) => (STORY.startsWith(text) ? text.length : -1) });

/** The tiny base has a context of 512 tokens, which the project's own examples don't fit. */
const EXAMPLES = '[User]\nAnother story.\n[Assistant]\nThere was an old cat.';

suite('on the tiny pair, in the embedded engine', () => {
  let engine: TinyEngine;
  let models: Models;
  before(async () => {
    engine = await openTinyEngine();
    const base = await engine.open('sentencepiece');
    const drafter = await engine.open('byte-bpe');
    const { chatTemplate: source = '', ...info } = drafter.info;
    models = {
      base,
      baseFormat: plainForm(base.info),
      draft: promptedWriter(drafter, chatTemplate({ source, owner: 'byte-bpe', ...info })),
      reward,
      aligner: drafter,
      close: () => Promise.resolve(),
    };
  });
  after(() => engine.close());

  const decode = async (
    strategy: string,
    sampling?: { temperature: number; seed: number },
    more: Partial<DecodeRequest> = {},
  ): Promise<DecodeTrace> => {
    const request = { messages: [{ role: 'user', content: 'Tell me a story.' }] as const, maxTokens: 60, ...more };
    const { trace, events } = await collectEvents(
      createStrategy(strategy, models, { urialExamples: EXAMPLES }).decode({
        ...request,
        ...(sampling && { sampling }),
      }),
    );
    assert.equal(events.map((event) => (event.type === 'token' ? event.text : '')).join(''), trace.text);
    assert.equal(events.at(-1)?.type, 'decode-end');
    // Bytes that the tiny models draw at random are no characters.
    assert.ok(trace.text.isWellFormed() && (sampling || !trace.text.includes('\u{FFFD}')));
    const { keptDraftTokens, baseTokens } = trace.usage;
    assert.equal(keptDraftTokens + baseTokens, trace.tokens.length);
    return trace;
  };

  for (const strategy of STRATEGY_NAMES) {
    test(`${strategy} answers, and the same the second time`, async () => {
      const seeded = ['best-of-n', 'cards'].includes(strategy) ? { temperature: 1, seed: 7 } : undefined;
      const trace = await decode(strategy, seeded);
      assert.equal(trace.strategy, strategy);
      assert.ok(trace.text.length > 0);
      assert.equal((await decode(strategy, seeded)).text, trace.text);
    });
  }

  for (const strategy of STRATEGY_NAMES) {
    test(`${strategy} tells logprobs where they are asked for, and keeps a limit of the whole response`, async () => {
      const seeded = { temperature: 1, seed: 7 };
      const sampling = ['best-of-n', 'cards'].includes(strategy) ? seeded : undefined;
      const { tokens, finishReason } = await decode(strategy, sampling, { logprobs: true, maxResponseTokens: 5 });
      assert.ok(tokens.length <= 5 && tokens.length > 0);
      assert.ok(tokens.every(({ logprob }) => logprob !== undefined && logprob <= 0));
      if (tokens.length === 5) assert.equal(finishReason, 'length');
      const plain = await decode(strategy, sampling);
      assert.ok(plain.tokens.every(({ source, logprob }) => source === 'draft' || logprob === undefined));
    });
  }

  test('strategies with both models tell the story, which the base alone would not begin', async () => {
    for (const strategy of ['wsd', 'nudging', 'handback', 'recheck(reward=-2)']) {
      assert.equal((await decode(strategy)).text, STORY, strategy);
    }
  });

  test('reward leads the base into the story', async () => {
    assert.ok((await decode('args(k=10, weight=5)')).text.startsWith('Rain fell softly'));
  });

  test('nudging credits each side with what it wrote', async () => {
    const { tokens, usage } = await decode('nudging');
    assert.equal(tokens[0]?.source, 'draft');
    assert.ok(usage.keptDraftTokens > 0 && usage.baseTokens > 0);
    assert.ok(tokens.every(({ source, logprob }) => (source === 'draft') === (logprob !== undefined)));
  });
});
