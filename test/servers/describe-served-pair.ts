import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { DecodeTrace } from '../../src/core/decode-trace.ts';
import { decode, type DecodeEvent, type DecodeOptions, EngineError, type Models } from '../../src/index.ts';
import { loadModels } from '../../src/assembly/load-pair.ts';
import type { ModelSettings } from '../../src/assembly/model-settings.ts';
import { PROMPTS } from '../live/support.ts';
import { assertSameResponse, type Tolerance } from './assert-same-response.ts';
import type { ServerProcess } from '../../scripts/start-server.ts';

export interface ServedPair {
  /** The engine's name, as before an address. */
  readonly engine: string;
  readonly server: () => ServerProcess;
  /** The base's tokenizer, for a server that tells none. */
  readonly tokenizer?: () => string;
  /** A server that may be killed: the last test kills it. */
  readonly startAnother: () => Promise<ServerProcess>;
  readonly prompts: number;
  readonly maxTokens: number;
  readonly tolerance: Tolerance;
}

const GAMMA = 0.8;
/** Of the draft beside a server: threads of two processes that wait for each other's cores take ten times as long. */
const THREADS = 1;
/** Far more than an abort takes, on a busy machine too; 400 tokens take longer on most. */
const ABORT_LIMIT_MS = 3000;

/** The default pair with its base on a server, against the same pair inside the process. */
export function describeServedPair(pair: ServedPair): void {
  void suite(`the default pair with its base behind ${pair.engine}`, () => {
    describeResponses(pair);
    describeEndings(pair);
  });
}

function describeResponses(pair: ServedPair): void {
  void test('keeps what the embedded pair keeps', async (context) => {
    const served = await traces(pair, await open(pair));
    const embedded = await traces(pair, await load({}));
    for (const [i, trace] of served.entries()) {
      const other = embedded[i]!;
      const { tokens, worstNats, sameIndex } = assertSameResponse(trace, other, GAMMA, pair.tolerance);
      context.diagnostic(
        `k ${trace.switch?.index} and ${other.switch?.index}${sameIndex ? '' : ' (a tie)'}, ${tokens} tokens, logprobs within ${worstNats.toFixed(3)} nats, same text: ${trace.text === other.text}`,
      );
    }
  });

  void test('no event holds half a character, and stop strings end the response', async () => {
    const models = await open(pair);
    try {
      const prompt = 'Write "你好，世界！🙂" five times.';
      const events = await collect(models, { prompt, gamma: 0.3, maxDraft: 24, maxTokens: 8 });
      for (const event of events) if (event.type === 'token') assert.ok(event.text.isWellFormed());
      const stopped = await collect(models, { prompt: PROMPTS[1]!, maxDraft: 0, maxTokens: 24, stop: [' '] });
      assert.ok(!textOf(stopped).includes(' '));
    } finally {
      await models.close();
    }
  });
}

function describeEndings(pair: ServedPair): void {
  void test('an abort while the base writes is heard at once', async () => {
    const models = await open(pair);
    const controller = new AbortController();
    let abortMs = 0;
    const options = { prompt: PROMPTS[0]!, maxDraft: 0, maxTokens: 400, signal: controller.signal };
    const aborted = (async () => {
      for await (const event of decode(models, options)) {
        if (event.type !== 'token' || controller.signal.aborted) continue;
        abortMs = performance.now();
        controller.abort();
      }
    })();
    await assert.rejects(aborted, { name: 'AbortError' });
    const waitedMs = performance.now() - abortMs;
    assert.ok(waitedMs < ABORT_LIMIT_MS, `${waitedMs} ms`);
    await models.close();
  });

  void test('a prompt that is too long is refused before any work', async () => {
    const models = await open(pair);
    const prompt = 'word '.repeat(models.base!.info.contextLength + 10);
    await assert.rejects(collect(models, { prompt }), { name: 'ContextOverflowError' });
    await models.close();
  });

  void test('a server that dies in the middle is an error that names it', async () => {
    const another = await pair.startAnother();
    const models = await open(pair, another);
    let tokens = 0;
    const dying = (async () => {
      for await (const event of decode(models, { prompt: PROMPTS[1]!, maxDraft: 0, maxTokens: 400 })) {
        if (event.type === 'token' && ++tokens === 3) another.kill();
      }
    })();
    await assert.rejects(dying, (error) => error instanceof EngineError && error.message.includes(another.url));
    assert.ok(tokens >= 3);
    await models.close();
    await another.close();
  });
}

const load = (settings: ModelSettings): Promise<Models> =>
  loadModels({ ...settings, threads: THREADS }, ['base', 'draft']);

const open = ({ engine, server, tokenizer }: ServedPair, { url } = server()): Promise<Models> =>
  load({ base: `${engine}:${url}`, tokenizer: tokenizer?.() });

async function traces({ prompts, maxTokens }: ServedPair, models: Models): Promise<DecodeTrace[]> {
  try {
    const all: DecodeTrace[] = [];
    for (const prompt of PROMPTS.slice(0, prompts)) {
      const events = await collect(models, { prompt, gamma: GAMMA, maxDraft: 64, maxTokens });
      const end = events.at(-1);
      assert.ok(end?.type === 'decode-end');
      all.push(end.trace);
    }
    return all;
  } finally {
    await models.close();
  }
}

async function collect(models: Models, options: DecodeOptions): Promise<DecodeEvent[]> {
  const events: DecodeEvent[] = [];
  for await (const event of decode(models, options)) events.push(event);
  return events;
}

const textOf = (events: readonly DecodeEvent[]): string =>
  events.map((event) => (event.type === 'token' ? event.text : '')).join('');
