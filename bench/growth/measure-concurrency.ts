import { type Pair, loadPair } from '../../src/index.ts';
import { msPerToken, respond, responseTokens } from '../respond.ts';
import type { GrowthOptions } from './growth-options.ts';
import { type GrowthPoint, type MeasuredSeries, pointOf } from './series.ts';

const REQUESTS = [1, 2, 4, 8];

/** So many requests at once, a different prompt each; one pair of models serves them. */
export async function measureConcurrency(options: GrowthOptions): Promise<MeasuredSeries> {
  const points: GrowthPoint[] = [];
  for (const requests of REQUESTS) {
    options.progress(`${points.length + 1} of ${REQUESTS.length}`);
    const pair = await loadPair({ threads: options.threads, parallel: requests });
    try {
      points.push(await measureRequests(pair, requests, options));
    } finally {
      await pair.close();
    }
  }
  return {
    name: 'concurrency',
    title: 'Requests at the same time',
    x: 'requests',
    note: 'One pair with `parallel` slots; a response token is the time of all requests over the tokens of all, and beside it what one of them waits for a token of its own.',
    points,
  };
}

async function measureRequests(pair: Pair, requests: number, { prompts, maxTokens }: GrowthOptions) {
  const values = { firstTokenMs: [] as number[], msPerToken: [] as number[], requestMsPerToken: [] as number[] };
  await respond(pair, { prompt: 'Hello', maxTokens: 4 });
  for (let round = 0; round < Math.max(1, Math.ceil(prompts.length / requests)); round++) {
    const asked = Array.from({ length: requests }, (_, i) => prompts[(round * requests + i) % prompts.length]!);
    const start = performance.now();
    const traces = await Promise.all(
      asked.map((prompt) => respond(pair, { prompt, maxTokens, confidences: 'deciding' })),
    );
    const tokens = traces.reduce((sum, trace) => sum + responseTokens(trace), 0);
    values.msPerToken.push((performance.now() - start) / tokens);
    for (const trace of traces) {
      values.firstTokenMs.push(trace.timings.firstTokenMs ?? Number.NaN);
      values.requestMsPerToken.push(msPerToken(trace));
    }
  }
  return pointOf(requests, values);
}
