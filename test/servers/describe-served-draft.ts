import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ServerProcess } from '../../scripts/start-server.ts';
import type { DecodeTrace } from '../../src/core/decode-trace.ts';
import { decode, type DecodeOptions, EngineError, type Models } from '../../src/index.ts';
import { loadModels } from '../../src/assembly/load-pair.ts';
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
/** Of an answer that nothing stops: it takes many seconds. With its prompt it fits a context of 1024. */
const UNSTOPPED = 900;
/** A prompt whose answer does not end before that. */
const ENDLESS = PROMPTS[2]!;
const SEEN_WITHIN_MS = 30_000;
/** SGLang looks only every 2 s whether a reader has left. */
const STOPS_WITHIN_MS = 15_000;
/** Less than an unstopped answer takes on any machine. */
const SURELY_STOPPED_MS = 3000;
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
          // Those of earlier tests.
          await msUntilIdle(running, server.url);
          const whole = { prompt: ENDLESS, maxDraft: UNSTOPPED, maxTokens: 1 };
          const writing = seenWriting(running, server.url, AbortSignal.timeout(SEEN_WITHIN_MS));
          const answered = answer(models, { ...whole, criterion: 'fixed(4)' }, writing);
          const [{ switch: taken }, seen] = await Promise.all([answered, writing]);
          assert.ok(seen, 'it was not seen writing');
          assert.deepEqual([taken?.index, taken?.reason], [4, 'confident']);
          const stopMs = await msUntilIdle(running, server.url);
          if (stopMs < SURELY_STOPPED_MS) return;
          const start = performance.now();
          await ownAnswer(server.url, ENDLESS, UNSTOPPED);
          const wholeMs = performance.now() - start;
          assert.ok(stopMs < wholeMs / 2, `it wrote for ${stopMs} ms more; a whole answer takes ${wholeMs} ms`);
        });
      });
    });
  }

  void test(`${name} with the draft dies in the middle: an error that names it`, async () => {
    await withDraft('chat', server.url, async (models) => {
      const over = new AbortController();
      const dying = answer(models, { prompt: PROMPTS[0]!, criterion: 'fixed(400)', maxDraft: 400 });
      const rejected = assert.rejects(
        dying.finally(() => over.abort()),
        (error) => error instanceof EngineError && error.message.includes(server.url),
      );
      // Not at the first token: where the base waits for cores, the whole draft may be here before it is scored.
      const killed = seenWriting(running, server.url, over.signal).then(() => server.kill());
      await Promise.all([rejected, killed]);
    });
  });
}

/** Whether it was seen writing before the signal. */
async function seenWriting(running: ServedDraft['running'], url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if ((await running(url)) > 0) return true;
    await delay(20);
  }
  return false;
}

/** @throws Error where the server still writes after all the time that it has to stop */
async function msUntilIdle(running: ServedDraft['running'], url: string): Promise<number> {
  const start = performance.now();
  const passedMs = () => performance.now() - start;
  while ((await running(url)) > 0) {
    assert.ok(passedMs() < STOPS_WITHIN_MS, `it still writes after ${STOPS_WITHIN_MS} ms`);
    await delay(100);
  }
  return passedMs();
}

async function ownAnswer(url: string, prompt: string, maxTokens = DRAFTED): Promise<string> {
  const messages = [{ role: 'user', content: prompt }];
  const models = z.object({ data: z.tuple([z.object({ id: z.string() })]).rest(z.unknown()) });
  const [{ id }] = models.parse(await (await fetch(`${url}/v1/models`)).json()).data;
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: id, messages, max_tokens: maxTokens, temperature: 0 }),
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

/** @param held no token after the first is asked for before it is settled */
async function answer(models: Models, options: DecodeOptions, held?: Promise<unknown>): Promise<DecodeTrace> {
  const events = decode(models, { maxDraft: DRAFTED, maxTokens: 4, ...options });
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    if (next.value.type === 'token') await held;
  }
}

/** @param characters that must be the same at least, where a text may part */
function assertBeginning({ tokens, switch: taken }: DecodeTrace, whole: string, characters = Infinity): void {
  const kept = tokens.flatMap(({ source, text }) => (source === 'draft' ? [text] : [])).join('');
  assert.ok(taken && kept.length > 0);
  assert.equal(kept.slice(0, characters), whole.slice(0, Math.min(kept.length, characters)));
}
