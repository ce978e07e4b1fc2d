import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { decode, type DecodeOptions, loadPair, type ModelSettings, type Pair } from '../../src/index.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { PROMPTS } from './support.ts';

const SETTINGS = { reproducible: true, threads: 1, context: 1024 } satisfies ModelSettings;
const REQUESTS = 200;
const AT_ONCE = 16;
/** A text of more than 512 cells takes as long as ten others. */
const LONG_SHARE = 0.02;

/** Greedy and drawn; the last one with a prompt that fills more than 512 cells. */
const KINDS: readonly DecodeOptions[] = [
  ...PROMPTS.slice(0, 6).map((prompt) => ({ messages: question(prompt) })),
  ...PROMPTS.slice(6, 12).map((prompt, seed) => ({ messages: question(prompt), temperature: 0.9, topP: 0.95, seed })),
  // Their long beginning is copied from one to the other.
  ...['What was the first word?', 'Which number came last?', 'How many rivers are there?'].map((end) => ({
    messages: question(`${'The tide comes in, the tide goes out. '.repeat(12)}\n${end}`),
  })),
  {
    messages: question(`${'The tide comes in and the tide goes out again. '.repeat(50)}\nWhat did I say?`),
    gamma: 0.95,
  },
].map((options) => ({ ...options, maxDraft: 12, maxTokens: 8 }));

function question(content: string): DecodeOptions['messages'] {
  return [{ role: 'user', content }];
}

/** All that must not differ: the texts, k, and every logprob in full. */
async function ask(pair: Pair, options: DecodeOptions): Promise<string> {
  const events: unknown[] = [];
  for await (const event of decode(pair, options)) {
    if (event.type === 'token' || event.type === 'model-switch') events.push(event);
  }
  return JSON.stringify(events);
}

function chooseKind(random: () => number): number {
  const last = KINDS.length - 1;
  return random() < LONG_SHARE ? last : Math.floor(random() * last);
}

suite('a reproducible pair', () => {
  const alone: string[] = [];
  let pair: Pair;
  before(async () => {
    for (const options of KINDS) {
      const fresh = await loadPair(SETTINGS);
      alone.push(await ask(fresh, { ...options, speculate: false }));
      await fresh.close();
    }
    pair = await loadPair({ ...SETTINGS, parallel: AT_ONCE });
  });
  after(() => pair.close());

  test(`answers ${REQUESTS} requests, in any order and up to ${AT_ONCE} at once, as fresh ones do alone`, async (t) => {
    const random = seededRandom(18);
    for (let asked = 0, load; asked < REQUESTS; asked += load) {
      load = 1 + Math.floor(random() * AT_ONCE);
      const chosen = Array.from({ length: load }, () => chooseKind(random));
      const answers = await Promise.all(
        chosen.map((kind) => ask(pair, { ...KINDS[kind]!, speculate: random() < 0.5 })),
      );
      for (const [i, kind] of chosen.entries()) assert.equal(answers[i], alone[kind], `request ${asked + i}`);
      t.diagnostic(`${asked + load} requests were answered alike`);
    }
  });
});
