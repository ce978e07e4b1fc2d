import { Agent } from 'node:http';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fastModel } from '../test/fixtures/fast-model.ts';
import { startGatewayProcess } from '../test/fixtures/gateway-process/start-gateway-process.ts';
import { OVERHEAD_BOUNDS, type OverheadName } from './overhead-bounds.ts';
import { readStream, type StreamTimes } from './read-stream.ts';
import { type Row, toRow } from './row.ts';

const PROGRAM = join(import.meta.dirname, 'fast-gateway.ts');
const BARE_PROGRAM = join(import.meta.dirname, 'bare-server.ts');
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

interface Taken {
  /** By the gateway, beyond what the model takes by itself. */
  readonly added: StreamTimes;
  /** By a server of node:http without any of our code. */
  readonly bare: StreamTimes;
}

/**
 * What HTTP adds to a model that costs nothing, and what the same stream takes from a bare server: the client of this
 * measurement is counted as well, and so is other work on the machine.
 */
export async function startOverhead(): Promise<OverheadMeasurement> {
  const gateway = await startGatewayProcess(PROGRAM, TOKENS, 0);
  const bare = await startGatewayProcess(BARE_PROGRAM, TOKENS);
  const [agent, bareAgent] = [oneConnection(), oneConnection()];
  const measure = async (requests: number) => {
    const taken: Taken[] = [];
    for (let i = 0; i < requests; i++) {
      taken.push({ added: await measureAdded(gateway.url, agent), bare: await readStream(bare.url, bareAgent) });
    }
    return overheadRows(taken);
  };
  await measure(WARM_UP);
  return {
    measure,
    async stop() {
      agent.destroy();
      bareAgent.destroy();
      await Promise.all([gateway.stop(), bare.stop()]);
    },
  };
}

function oneConnection(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

async function measureAdded(url: string, agent: Agent): Promise<StreamTimes> {
  const direct = await decodeDirectly();
  const { firstTokenMs, totalMs, tokens } = await readStream(url, agent);
  return { firstTokenMs: firstTokenMs - direct.firstTokenMs, totalMs: totalMs - direct.totalMs, tokens };
}

function overheadRows(taken: readonly Taken[]): Row[] {
  const firstToken = ({ firstTokenMs }: StreamTimes) => firstTokenMs;
  const token = ({ firstTokenMs, totalMs, tokens }: StreamTimes) => (totalMs - firstTokenMs) / (tokens - 1);
  return [
    ...timesOf('first-token', 'to the first token', firstToken, taken),
    ...timesOf('token', 'a token', token, taken),
  ];
}

function timesOf(
  name: OverheadName,
  what: string,
  timeOf: (times: StreamTimes) => number,
  taken: readonly Taken[],
): Row[] {
  const added = taken.map((each) => timeOf(each.added));
  const bare = taken.map((each) => timeOf(each.bare));
  const { ms, timesBare } = OVERHEAD_BOUNDS[name];
  const wanted = `wanted: under ${ms}, or under ${timesBare} times bare-${name}`;
  return [
    toRow(`gateway-${name}`, `ms added ${what}`, added, wanted),
    toRow(`bare-${name}`, `ms ${what}`, bare, 'node:http alone, the same events'),
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
