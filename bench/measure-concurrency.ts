import PQueue from 'p-queue';
import { type DecodeOptions, type DecodeTrace, type Pair, decode, loadPair } from '../src/index.ts';
import { countDifferences } from './count-differences.ts';
import { PROMPTS } from './prompts.ts';
import { type Row, toRow } from './row.ts';

const REQUESTS = 16;

export interface ConcurrencyOptions {
  readonly threads: number;
  /** Most tokens that the base writes in each response. */
  readonly maxTokens: number;
  /** Most drafted tokens. */
  readonly maxDraft: number;
  /** How many are decoded at the same time, 1 to 16. */
  readonly parallel: number;
  /** How often both ways take their turn. */
  readonly rounds: number;
}

interface Result {
  readonly alone: Answered;
  /** One after another with a pass for each token and all rows of logits, as llama.cpp does by itself. */
  readonly plain: Answered;
  readonly together: Answered;
}

interface Answered {
  readonly traces: readonly DecodeTrace[];
  readonly totalMs: number;
}

/**
 * The same requests at once and one after another, each in the way that suits it: a pair that keeps one sequence, and
 * one that keeps as many as it decodes at the same time.
 */
export async function measureConcurrency(options: ConcurrencyOptions): Promise<Row[]> {
  const { threads, parallel } = options;
  const single = await loadPair({ threads });
  const shared = await loadPair({ threads, parallel });
  try {
    return [
      ...(await compare('concurrent-wsd', single, shared, { ...options, strategy: 'wsd' })),
      ...(await compare('concurrent-base', single, shared, { ...options, strategy: 'base' })),
    ];
  } finally {
    await single.close();
    await shared.close();
  }
}

async function compare(
  name: string,
  single: Pair,
  shared: Pair,
  { maxTokens, maxDraft, parallel, rounds, strategy }: ConcurrencyOptions & Pick<DecodeOptions, 'strategy'>,
): Promise<Row[]> {
  const asked = { maxTokens, maxDraft, strategy, confidences: 'deciding' } as const;
  const requests = PROMPTS.slice(0, REQUESTS).map((prompt) => ({ prompt, ...asked }));
  const plainly = requests.map((request) => ({ ...request, speculate: false, confidences: 'all' as const }));
  await decodeAll(single, requests.slice(0, 1), 1);
  await decodeAll(shared, requests.slice(0, 2), parallel);
  const results: Result[] = [];
  for (let round = 0; round < rounds; round++) {
    results.push({
      alone: await decodeAll(single, requests, 1),
      plain: await decodeAll(single, plainly, 1),
      together: await decodeAll(shared, requests, parallel),
    });
  }
  const { alone, together } = results.at(-1)!;
  return [
    ...speedRows(name, results, parallel),
    ...fairnessRows(name, together),
    ...(await countDifferences(name, single.base, alone.traces, together.traces)),
  ];
}

async function decodeAll(pair: Pair, requests: readonly DecodeOptions[], parallel: number): Promise<Answered> {
  const queue = new PQueue({ concurrency: parallel });
  const start = performance.now();
  const traces = await queue.addAll(requests.map((request) => () => answer(pair, request)));
  return { traces, totalMs: performance.now() - start };
}

async function answer(pair: Pair, request: DecodeOptions): Promise<DecodeTrace> {
  const events = decode(pair, request);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}

function speedRows(name: string, results: readonly Result[], parallel: number): Row[] {
  const speeds = (way: keyof Result) => results.map((result) => tokensPerSecond(result[way]));
  const [alone, plain, together] = [speeds('alone'), speeds('plain'), speeds('together')];
  const over = (others: readonly number[]) => together.map((speed, i) => speed / others[i]!);
  const unit = 'ratio of total tokens/s';
  return [
    toRow(`${name}-vs-sequential`, unit, over(alone), `${REQUESTS} requests, ${parallel} at a time`),
    toRow(`${name}-vs-plain`, unit, over(plain), 'over one after another, a pass a token, all rows of logits'),
    toRow(`${name}-sequential`, 'tokens/s', alone),
    toRow(`${name}-plain`, 'tokens/s', plain),
    toRow(`${name}-together`, 'tokens/s', together),
  ];
}

/** How long each of the requests at once waited for its first token, and how evenly they went on. */
function fairnessRows(name: string, { traces }: Answered): Row[] {
  const perToken = traces
    .filter(({ tokens }) => tokens.length > 0)
    .map(({ timings, tokens }) => timings.totalMs / tokens.length);
  const slowest = Math.max(...perToken) / toRow('', '', perToken).value!;
  const waits = traces.map(({ timings }) => timings.firstTokenMs ?? timings.totalMs);
  return [
    toRow(`${name}-first-token`, 'ms', waits),
    toRow(`${name}-slowest`, 'ratio of time per token', [slowest], 'slowest request over the median'),
  ];
}

/** Tokens of the responses: kept draft tokens and the base's. */
function tokensPerSecond({ traces, totalMs }: Answered): number {
  return (1000 * traces.reduce((sum, { tokens }) => sum + tokens.length, 0)) / totalMs;
}
