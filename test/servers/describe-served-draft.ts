import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ServerProcess } from '../../scripts/start-server.ts';
import type { DecodeTrace } from '../../src/core/decode-trace.ts';
import { decode, type DecodeOptions, EngineError, type Models } from '../../src/index.ts';
import { loadModels } from '../../src/runtime/load-pair.ts';
import { PROMPTS } from '../live/support.ts';

export interface ServedDraft {
  readonly server: string;
  /** The draft of the default pair, in its chat template. */
  readonly start: () => Promise<ServerProcess>;
  /** Names before the address: `chat`, and the server's own. */
  readonly engines: readonly string[];
  /** How many answers the server is writing. */
  readonly running: (url: string) => Promise<number>;
}

const ASKED = PROMPTS.slice(0, 4);
const DRAFTED = 40;
/** Of the base beside a server: threads of two processes that wait for each other's cores take ten times as long. */
const THREADS = 1;

const completion = z.object({ choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]) });

/** The default pair with its draft on a server that many share, and its base inside the process. */
export function describeServedDraft({ server: name, start, engines, running }: ServedDraft): void {
  let server: ServerProcess;
  const answers = new Map<string, string>();
  before(async () => {
    server = await start();
    for (const prompt of ASKED) answers.set(prompt, await ownAnswer(server.url, prompt));
  });
  after(() => server.close());

  for (const engine of engines) {
    void suite(`the default pair with its draft on ${name}, as ${engine}:`, () => {
      void test('drafts what the server answers by itself, up to the switch', async () => {
        await withDraft(engine, server.url, async (models) => {
          for (const prompt of ASKED) assertBeginning(await answer(models, { prompt }), answers.get(prompt)!);
        });
      });

      void test('several requests draft at once', async () => {
        await withDraft(engine, server.url, async (models) => {
          const traces = await Promise.all(ASKED.map((prompt) => answer(models, { prompt })));
          // The shape of a batch decides near-ties, so texts may part; whose answer it is shows at its beginning.
          for (const [i, trace] of traces.entries()) assertBeginning(trace, answers.get(ASKED[i]!)!, 12);
        });
      });

      void test('the server stops writing at the switch', async () => {
        await withDraft(engine, server.url, async (models) => {
          const whole = { prompt: PROMPTS[2]!, maxDraft: 400, maxTokens: 1 };
          const { switch: taken } = await answer(models, { ...whole, criterion: 'fixed(4)' });
          assert.deepEqual([taken?.index, taken?.reason], [4, 'confident']);
          for (let tries = 0; tries < 20 && (await running(server.url)) > 0; tries++) await delay(100);
          assert.equal(await running(server.url), 0);
        });
      });
    });
  }

  void test(`${name} with the draft dies in the middle: an error that names it`, async () => {
    await withDraft('chat', server.url, async (models) => {
      const dying = answer(models, { prompt: PROMPTS[0]!, criterion: 'fixed(400)', maxDraft: 400 });
      // Not at the first token: where the base waits for cores, the whole draft may be here before it is scored.
      void untilWriting(running, server.url).then(() => server.kill());
      await assert.rejects(dying, (error) => error instanceof EngineError && error.message.includes(server.url));
    });
  });
}

async function untilWriting(running: ServedDraft['running'], url: string): Promise<void> {
  while ((await running(url)) === 0) await delay(20);
}

async function ownAnswer(url: string, prompt: string): Promise<string> {
  const messages = [{ role: 'user', content: prompt }];
  const models = z.object({ data: z.tuple([z.object({ id: z.string() })]).rest(z.unknown()) });
  const [{ id }] = models.parse(await (await fetch(`${url}/v1/models`)).json()).data;
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: id, messages, max_tokens: DRAFTED, temperature: 0 }),
  });
  return completion.parse(await reply.json()).choices[0].message.content;
}

async function withDraft(engine: string, url: string, work: (models: Models) => Promise<void>): Promise<void> {
  const settings = { draft: `${engine}:${url}`, threads: THREADS, parallel: ASKED.length };
  const models = await loadModels(settings, ['base', 'draft']);
  try {
    await work(models);
  } finally {
    await models.close();
  }
}

async function answer(models: Models, options: DecodeOptions): Promise<DecodeTrace> {
  const events = decode(models, { maxDraft: DRAFTED, maxTokens: 4, ...options });
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}

/** @param characters that must be the same at least, where a text may part */
function assertBeginning({ tokens, switch: taken }: DecodeTrace, whole: string, characters = Infinity): void {
  const kept = tokens.flatMap(({ source, text }) => (source === 'draft' ? [text] : [])).join('');
  assert.ok(taken && kept.length > 0);
  assert.equal(kept.slice(0, characters), whole.slice(0, Math.min(kept.length, characters)));
}
