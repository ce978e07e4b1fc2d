import { Agent } from 'node:http';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fastModel } from '../test/fixtures/fast-model.ts';
import { startGatewayProcess } from '../test/fixtures/gateway-process/start-gateway-process.ts';
import { OVERHEAD_BOUNDS } from './overhead-bounds.ts';
import { readStream, type StreamTimes } from './read-stream.ts';
import { type Row, toRow } from './row.ts';

const PROGRAM = join(import.meta.dirname, 'fast-gateway.ts');
const TOKENS = 100;
/** Requests until V8 has compiled what a service runs all day. */
const WARM_UP = 200;
const STREAMS = 500;
const WAVES = 4;
/** Five thousand tokens a second in all. */
const PACE = { tokens: 40, ms: 100 };

export interface OverheadMeasurement {
  /** Rows of so many requests: their medians. */
  measure(requests: number): Promise<Row[]>;
  stop(): Promise<void>;
}

/** What HTTP adds to a model that costs nothing: the client of this measurement is counted as well. */
export async function startOverhead(): Promise<OverheadMeasurement> {
  const gateway = await startGatewayProcess(PROGRAM, TOKENS, 0);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const measure = async (requests: number) => {
    const added: StreamTimes[] = [];
    for (let i = 0; i < requests; i++) added.push(await measureAdded(gateway.url, agent));
    return overheadRows(added);
  };
  await measure(WARM_UP);
  return {
    measure,
    async stop() {
      agent.destroy();
      await gateway.stop();
    },
  };
}

async function measureAdded(url: string, agent: Agent): Promise<StreamTimes> {
  const direct = await decodeDirectly();
  const { firstTokenMs, totalMs, tokens } = await readStream(url, agent);
  return { firstTokenMs: firstTokenMs - direct.firstTokenMs, totalMs: totalMs - direct.totalMs, tokens };
}

function overheadRows(added: readonly StreamTimes[]): Row[] {
  return [
    toRow(
      'gateway-first-token',
      'ms added',
      added.map(({ firstTokenMs }) => firstTokenMs),
      `wanted: under ${OVERHEAD_BOUNDS['gateway-first-token']}`,
    ),
    toRow(
      'gateway-token',
      'ms added a token',
      added.map(({ firstTokenMs, totalMs, tokens }) => (totalMs - firstTokenMs) / (tokens - 1)),
      `wanted: under ${OVERHEAD_BOUNDS['gateway-token']}`,
    ),
  ];
}

async function decodeDirectly(): Promise<StreamTimes> {
  const start = performance.now();
  let firstTokenMs = 0;
  const strategy = fastModel({ tokens: TOKENS, beforeToken: () => nextTurn() }).strategy({});
  for await (const event of strategy.decode({ messages: [{ role: 'user', content: 'Say something.' }] })) {
    if (event.type === 'token') firstTokenMs ||= performance.now() - start;
  }
  return { firstTokenMs, totalMs: performance.now() - start, tokens: TOKENS };
}

/** Waves of streams at once: errors, and whether memory grows from wave to wave. */
export async function measureStreams(): Promise<Row[]> {
  const gateway = await startGatewayProcess(PROGRAM, PACE.tokens, PACE.ms);
  const agent = new Agent({ keepAlive: true, maxSockets: STREAMS });
  const memory: number[] = [];
  let failed = 0;
  let late: number[] = [];
  try {
    for (let wave = 0; wave < WAVES; wave++) {
      const streams = await Promise.allSettled(Array.from({ length: STREAMS }, () => readStream(gateway.url, agent)));
      const done = streams.flatMap((stream) => (stream.status === 'fulfilled' ? [stream.value] : []));
      failed += STREAMS - done.length + done.filter(({ tokens }) => tokens !== PACE.tokens).length;
      late = done.map(({ totalMs }) => totalMs - PACE.tokens * PACE.ms);
      memory.push((await gateway.memory()).heap / 2 ** 20);
    }
  } finally {
    agent.destroy();
    await gateway.stop();
  }
  return [
    toRow('gateway-streams-failed', 'streams', [failed], `of ${WAVES} times ${STREAMS} at once`),
    toRow(
      'gateway-memory-growth',
      'ratio',
      [memory.at(-1)! / memory[1]!],
      `last wave over the second; MiB of heap after a collection: ${memory.map((each) => each.toFixed(1)).join(', ')}`,
    ),
    toRow('gateway-stream-lateness', 'ms', late, `behind ${PACE.tokens} tokens at a pace of ${PACE.ms} ms`),
  ];
}
