import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import {
  ConfigError,
  ContextOverflowError,
  decode,
  type DecodeEvent,
  type DecodeOptions,
  describeRequest,
  identifyModels,
  loadPair,
  type Pair,
  type SwitchCriterion,
  toRunResult,
  windowedConfidence,
} from '../../src/index.ts';
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { makePlace, type Place } from './support.ts';

async function collect(pair: Pair, options: DecodeOptions): Promise<DecodeEvent[]> {
  const events: DecodeEvent[] = [];
  for await (const event of decode(pair, options)) events.push(event);
  return events;
}

const textOf = (events: readonly DecodeEvent[]): string =>
  events.map((event) => (event.type === 'token' ? event.text : '')).join('');

suite('the library', () => {
  let place: Place;
  let pair: Pair;

  before(async () => {
    place = await makePlace();
    process.env['WELLBEGUN_CACHE'] = place.cache;
    pair = await loadPair({ base: place.models.sentencepiece, draft: place.models['byte-bpe'], threads: 1 });
  });
  after(async () => {
    await pair.close();
    await place.remove();
  });

  test('decode gives a start, drafted tokens, the switch, base tokens, and an end with the trace', async () => {
    const events = await collect(pair, { prompt: 'Tell me a story.' });
    const order = events.map((event) => (event.type === 'token' ? event.source : event.type)).join(' ');
    assert.match(order, /^decode-start (draft ){16}model-switch (base ){8}decode-end$/);
    const end = events.at(-1);
    assert.ok(end?.type === 'decode-end');
    assert.equal(end.trace.text, STORY);
    assert.equal(end.trace.switch?.reason, 'confident');
    const settings = { base: place.models.sentencepiece, draft: place.models['byte-bpe'] };
    const request = describeRequest({ prompt: 'Tell me a story.' }, settings, await identifyModels(settings));
    const { switch: taken, request: asked } = toRunResult(end.trace, request);
    assert.deepEqual([taken?.index, asked.criterion], [16, 'confidence(window=6, threshold=0.8)']);
    assert.match(asked.prompt!.text.map(({ text }) => text).join(''), /Tell me a story\./);
    assert.ok(events.every((event) => event.type !== 'token' || event.text.isWellFormed()));
  });

  test('the generator returns the trace of its last event', async () => {
    const events = decode(pair, { prompt: 'hi', maxTokens: 3 });
    let last: DecodeEvent | undefined;
    for (;;) {
      const next = await events.next();
      if (next.done) {
        assert.ok(last?.type === 'decode-end');
        assert.equal(next.value, last.trace);
        return;
      }
      last = next.value;
    }
  });

  test('chunks of any size give the same response', async () => {
    const expected = textOf(await collect(pair, { prompt: 'hi', gamma: 0.6 }));
    for (const chunkTokens of [1, 2, 3, 7, 100]) {
      assert.equal(textOf(await collect(pair, { prompt: 'hi', gamma: 0.6, chunkTokens })), expected);
    }
  });

  test("a criterion is a value, the paper's or one's own", async () => {
    const paper = await collect(pair, { prompt: 'hi', criterion: windowedConfidence({ window: 3, threshold: 0.5 }) });
    const own: SwitchCriterion = {
      name: 'third-token',
      needsStatistics: false,
      start() {
        let seen = 0;
        return { push: () => ({ value: ++seen, accept: seen === 3 }) };
      },
    };
    const events = await collect(pair, { prompt: 'hi', criterion: own });
    const indexOf = (list: readonly DecodeEvent[]) => list.find((event) => event.type === 'model-switch')?.index;
    assert.equal(indexOf(events), 3);
    // (0.9 · 0.2 · 0.95) ** (1 / 3) = 0.56; with the 0.05 before them it was 0.21.
    assert.equal(indexOf(paper), 4);
    const values = events.flatMap((event) =>
      event.type === 'token' && event.source === 'draft' ? [event.window] : [],
    );
    assert.deepEqual(values, [1, 2, 3]);
  });

  test('a criterion may ask for rank, entropy and the first choice', async () => {
    const ranks: (number | undefined)[] = [];
    const criterion: SwitchCriterion = {
      name: 'top-choice',
      needsStatistics: true,
      start: () => ({
        push({ rank, entropy, firstChoice, token }) {
          ranks.push(rank);
          assert.ok(entropy !== undefined && entropy >= 0 && firstChoice !== undefined);
          return { value: rank, accept: ranks.length > 5 && firstChoice === token };
        },
      }),
    };
    await collect(pair, { prompt: 'hi', criterion });
    assert.ok(ranks.every((rank) => rank !== undefined && rank >= 1));
  });

  test('several responses at once are those of one after another', async () => {
    const settings = [0.1, 0.5, 0.6, 0.8, 1].map((gamma) => ({ prompt: `story ${gamma}`, gamma }));
    const alone: string[] = [];
    for (const options of settings) alone.push(textOf(await collect(pair, options)));
    const together = await Promise.all(settings.map((options) => collect(pair, options)));
    assert.deepEqual(together.map(textOf), alone);
  });

  test('an early end of the loop leaves the pair as good as before', async () => {
    for (let i = 0; i < 20; i++) {
      for await (const event of decode(pair, { prompt: 'hi' })) if (event.type === 'token') break;
    }
    assert.equal(textOf(await collect(pair, { prompt: 'hi' })), STORY);
  });

  test('an AbortSignal stops it, before or in the middle, and frees what it held', async () => {
    await assert.rejects(collect(pair, { prompt: 'hi', signal: AbortSignal.abort() }), { name: 'AbortError' });
    for (const source of ['draft', 'base'] as const) {
      for (let i = 0; i < 20; i++) {
        const controller = new AbortController();
        let after = 0;
        const aborted = (async () => {
          for await (const event of decode(pair, { prompt: 'hi', signal: controller.signal, chunkTokens: 2 })) {
            if (controller.signal.aborted) after++;
            if (event.type === 'token' && event.source === source) controller.abort();
          }
        })();
        await assert.rejects(aborted, { name: 'AbortError' });
        // What was scored before the abort may still come.
        assert.ok(after <= 4, `${after} events after the abort`);
      }
    }
    assert.equal(textOf(await collect(pair, { prompt: 'hi' })), STORY);
  });

  for (const [name, options, error] of [
    ['gamma out of range', { prompt: 'hi', gamma: 2 }, ConfigError],
    ['gamma of 0', { prompt: 'hi', gamma: 0 }, ConfigError],
    ['window of 0', { prompt: 'hi', window: 0 }, ConfigError],
    ['window of NaN', { prompt: 'hi', window: Number.NaN }, ConfigError],
    ['an empty prompt', { prompt: ' ' }, ConfigError],
    ['no prompt', {}, ConfigError],
    ['two prompts', { prompt: 'hi', messages: [{ role: 'user', content: 'hi' }] }, ConfigError],
    ['an overflow', { prompt: 'hi', maxTokens: 5000 }, ContextOverflowError],
  ] as const) {
    test(`${name} is refused with its own kind of error`, async () => {
      await assert.rejects(collect(pair, options), error);
    });
  }

  test('a closed pair says so, and closing twice does no harm', async () => {
    const other = await loadPair({ base: place.models.sentencepiece, draft: place.models['byte-bpe'], threads: 1 });
    assert.equal(textOf(await collect(other, { prompt: 'hi' })), STORY);
    await other.close();
    await other.close();
    await assert.rejects(
      collect(other, { prompt: 'hi' }),
      (error) => error instanceof Error && error.name !== 'TypeError',
    );
    assert.equal(textOf(await collect(pair, { prompt: 'hi' })), STORY);
  });

  test('all combinations of architectures work as a pair', async () => {
    for (const base of ['attention', 'sliding-window', 'mamba'] as const) {
      const other = await loadPair({ base: place.models[base], draft: place.models['byte-bpe'], threads: 1 });
      const whole = textOf(await collect(other, { prompt: 'hi', maxTokens: 10, gamma: 0.01, chunkTokens: 100 }));
      const chunked = textOf(await collect(other, { prompt: 'hi', maxTokens: 10, gamma: 0.01, chunkTokens: 3 }));
      assert.equal(chunked, whole);
      await other.close();
    }
  });
});
