// Many streams at once over an engine that costs nothing. The gateway is a process of its own, as in service.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Memory } from '../fixtures/gateway-process/serve-to-parent.ts';
import { type GatewayProcess, startGatewayProcess } from '../fixtures/gateway-process/start-gateway-process.ts';
import { readText } from './read-text.ts';
import { textOfToken } from './text-of-token.ts';

const STREAMS = 500;
const TOKENS = 40;
const ROUNDS = 6;
/** Where too much is in use then: code that is compiled late takes memory once, a leak takes it in these rounds as well. */
const MORE_ROUNDS = 10;
/** How much more may be in use after the last two rounds than after the last but four. Of 22 MB, 1 % are 110 bytes a stream. */
const GROWTH: Memory = { heap: 0.01, resident: 0.15 };
const KINDS = ['heap', 'resident'] as const;

suite('500 streams at once', { timeout: 900_000 }, () => {
  let gateway: GatewayProcess;
  const memory: Memory[] = [];
  before(async () => {
    gateway = await startGatewayProcess(join(import.meta.dirname, 'meeting-gateway.ts'), STREAMS, TOKENS);
  });
  after(() => gateway.stop());

  async function playRound(): Promise<void> {
    await readAll(gateway.url, memory.length);
    memory.push(await gateway.memory());
  }

  test('each has all of its own text, round after round', async () => {
    for (let round = 0; round < ROUNDS; round++) await playRound();
  });

  test('leave no memory behind', async (context) => {
    assert.equal(memory.length, ROUNDS);
    while (memory.length < ROUNDS + MORE_ROUNDS && KINDS.some((kind) => growthOf(kind, memory) >= GROWTH[kind])) {
      await playRound();
    }
    for (const kind of KINDS) {
      const growth = growthOf(kind, memory);
      const line = `${kind}: ${(100 * growth).toFixed(1)} % more, ${memory.map((each) => each[kind]).join(', ')} bytes`;
      context.diagnostic(line);
      assert.ok(growth < GROWTH[kind], line);
    }
  });
});

function growthOf(kind: keyof Memory, memory: readonly Memory[]): number {
  const bytes = memory.slice(-5).map((each) => each[kind]);
  return Math.min(...bytes.slice(-2)) / bytes[0]! - 1;
}

/** The gateway writes none of these texts before all of them are asked for. */
async function readAll(url: string, round: number): Promise<void> {
  const prompts = Array.from({ length: STREAMS }, (_, stream) => `${round}.${stream}`);
  const texts = await Promise.all(prompts.map((prompt) => readText(url, prompt)));
  assert.deepEqual(
    texts,
    prompts.map((prompt) => Array.from({ length: TOKENS }, (_, index) => textOfToken(prompt, index)).join('')),
  );
}
