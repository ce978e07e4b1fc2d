import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { decode, type DecodeEvent, type DecodeOptions, loadPair, type Pair } from '../../src/index.ts';
import { PROMPTS } from './support.ts';

/** An abort may have to wait for one token's work, and for a busy machine. */
const GRACE_MS = 3000;
/** They take longer than that on most machines. */
const MANY_TOKENS = 400;
/** What may be on its way to the reader at an abort. */
const LATE_TOKENS = 2;

async function collect(pair: Pair, options: DecodeOptions): Promise<DecodeEvent[]> {
  const events: DecodeEvent[] = [];
  for await (const event of decode(pair, options)) events.push(event);
  return events;
}

const textOf = (events: readonly DecodeEvent[]): string =>
  events.map((event) => (event.type === 'token' ? event.text : '')).join('');

suite('the library on the default pair', () => {
  let pair: Pair;
  before(async () => void (pair = await loadPair({ threads: 1 })));
  after(() => pair.close());

  for (const source of ['draft', 'base'] as const) {
    test(`an abort while the ${source} writes takes no longer than a token`, async (context) => {
      // Only the draft writes at a threshold that is never reached, only the base without a draft.
      const wanted = source === 'draft' ? { gamma: 1, maxDraft: MANY_TOKENS } : { maxDraft: 0, maxTokens: MANY_TOKENS };
      const waits: number[] = [];
      for (const tokens of [1, 5, 12]) {
        const controller = new AbortController();
        const startMs = performance.now();
        let seen = 0;
        let seenBefore = 0;
        let abortMs = 0;
        const aborted = (async () => {
          for await (const event of decode(pair, { prompt: PROMPTS[0]!, ...wanted, signal: controller.signal })) {
            if (event.type !== 'token' || ++seen < tokens || controller.signal.aborted) continue;
            assert.equal(event.source, source);
            // In the middle of the work on what comes next.
            setTimeout(() => {
              abortMs = performance.now();
              seenBefore = seen;
              controller.abort();
            }, 10);
          }
        })();
        await assert.rejects(aborted, { name: 'AbortError' });
        assert.ok(seen - seenBefore <= LATE_TOKENS, `${seen - seenBefore} tokens after the abort`);
        const perTokenMs = (abortMs - startMs) / tokens;
        waits.push(performance.now() - abortMs);
        assert.ok(waits.at(-1)! < perTokenMs + GRACE_MS, `${waits.at(-1)!} ms, where a token takes ${perTokenMs}`);
      }
      context.diagnostic(`waited ${waits.map((ms) => ms.toFixed(1)).join(', ')} ms`);
    });
  }

  test('the event loop goes on while models compute', async () => {
    let ticks = 0;
    let longestMs = 0;
    const startMs = performance.now();
    let lastMs = startMs;
    const look = () => {
      const nowMs = performance.now();
      longestMs = Math.max(longestMs, nowMs - lastMs);
      lastMs = nowMs;
    };
    const timer = setInterval(() => {
      look();
      ticks++;
    }, 5);
    await collect(pair, { prompt: PROMPTS[0]!, maxDraft: 32, maxTokens: 16 });
    clearInterval(timer);
    look();
    const wholeMs = lastMs - startMs;
    const seen = `${ticks} ticks, the longest wait ${longestMs} of ${wholeMs} ms`;
    assert.ok(ticks > 20 && longestMs < wholeMs / 3, seen);
  });

  test('responses at once are not mixed up', async () => {
    const requests = PROMPTS.slice(0, 3).map((prompt) => ({ prompt, maxDraft: 16, maxTokens: 8 }));
    const alone: string[] = [];
    for (const request of requests) alone.push(textOf(await collect(pair, request)));
    const together = (await Promise.all(requests.map((request) => collect(pair, request)))).map(textOf);
    // Rows of a shared batch round a little differently; a beginning in common is what must be.
    for (const [i, text] of together.entries()) assert.equal(text.slice(0, 12), alone[i]!.slice(0, 12));
  });

  test('no event holds half a character', async () => {
    for (const prompt of ['Write "你好，世界！🙂" five times.', '日本の首都はどこですか。']) {
      for (const gamma of [0.2, 1]) {
        for (const event of await collect(pair, { prompt, gamma, maxDraft: 40, maxTokens: 12, chunkTokens: 2 })) {
          if (event.type === 'token')
            assert.ok(event.text.isWellFormed() && !event.text.includes('\u{FFFD}'), event.text);
        }
      }
    }
  });
});
