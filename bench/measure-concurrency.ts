import type { DecodeTrace } from '../src/core/decode-event.ts';
import { decode } from '../src/runtime/decode.ts';
import type { DecodeOptions } from '../src/runtime/decode-options.ts';
import { loadPair, type Pair } from '../src/runtime/load-pair.ts';
import { countDifferences } from './count-differences.ts';
import { PROMPTS } from './prompts.ts';
import { type Row, toRow } from './row.ts';

const REQUESTS = 16;

export interface ConcurrencyOptions {
  readonly threads: number;
  /** Most tokens that the base writes in each response. */
  readonly maxTokens: number;
  /** How often both ways take their turn. */
  readonly rounds: number;
  readonly onRound?: (done: number) => void;
}

interface Answered {
  readonly traces: readonly DecodeTrace[];
  readonly totalMs: number;
}

/**
 * The same requests at once and one after another, each in the way that suits it: a pair that keeps one sequence, and
 * one that keeps as many as there are requests.
 */
export async function measureConcurrency(options: ConcurrencyOptions): Promise<Row[]> {
  const { threads, rounds } = options;
  const single = await loadPair({ threads });
  const shared = await loadPair({ threads, parallel: REQUESTS });
  try {
    const requests = PROMPTS.slice(0, REQUESTS).map((prompt) => ({ prompt, maxTokens: options.maxTokens }));
    await oneAfterAnother(single, requests.slice(0, 1));
    await atOnce(shared, requests.slice(0, 2));
    const results: { readonly alone: Answered; readonly together: Answered }[] = [];
    for (let round = 0; round < rounds; round++) {
      const alone = await oneAfterAnother(single, requests);
      const together = await atOnce(shared, requests);
      results.push({ alone, together });
      options.onRound?.(round + 1);
    }
    const last = results.at(-1)!;
    return [
      ...speedRows(results),
      ...fairnessRows(last.together),
      ...(await countDifferences(single.base, last.alone.traces, last.together.traces)),
    ];
  } finally {
    await single.close();
    await shared.close();
  }
}

async function oneAfterAnother(pair: Pair, requests: readonly DecodeOptions[]): Promise<Answered> {
  const start = performance.now();
  const traces: DecodeTrace[] = [];
  for (const request of requests) traces.push(await answer(pair, request));
  return { traces, totalMs: performance.now() - start };
}

async function atOnce(pair: Pair, requests: readonly DecodeOptions[]): Promise<Answered> {
  const start = performance.now();
  const traces = await Promise.all(requests.map((request) => answer(pair, request)));
  return { traces, totalMs: performance.now() - start };
}

async function answer(pair: Pair, request: DecodeOptions): Promise<DecodeTrace> {
  const events = decode(pair, request);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}

function speedRows(results: readonly { readonly alone: Answered; readonly together: Answered }[]): Row[] {
  return [
    toRow(
      'concurrent-vs-sequential',
      'ratio of total tokens/s',
      results.map(({ alone, together }) => tokensPerSecond(together) / tokensPerSecond(alone)),
      `${REQUESTS} requests`,
    ),
    toRow(
      'sequential-speed',
      'tokens/s',
      results.map(({ alone }) => tokensPerSecond(alone)),
    ),
    toRow(
      'concurrent-speed',
      'tokens/s',
      results.map(({ together }) => tokensPerSecond(together)),
    ),
  ];
}

/** How long each of the requests at once waited for its first token, and how evenly they went on. */
function fairnessRows({ traces }: Answered): Row[] {
  const perToken = traces.map(({ timings, tokens }) => timings.totalMs / tokens.length);
  const slowest = Math.max(...perToken) / toRow('', '', perToken).value!;
  return [
    toRow(
      'concurrent-first-token',
      'ms',
      traces.map(({ timings }) => timings.firstTokenMs ?? timings.totalMs),
    ),
    toRow('concurrent-slowest', 'ratio of time per token', [slowest], 'slowest request over the median'),
  ];
}

/** Tokens of the responses: kept draft tokens and the base's. */
function tokensPerSecond({ traces, totalMs }: Answered): number {
  return (1000 * traces.reduce((sum, { tokens }) => sum + tokens.length, 0)) / totalMs;
}
