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
/** How much more may be in use after the last rounds than after the second. Of 22 MB, 1 % are 110 bytes a stream. */
const GROWTH: Memory = { heap: 0.01, resident: 0.15 };

suite('500 streams at once', { timeout: 240_000 }, () => {
  let gateway: GatewayProcess;
  const memory: Memory[] = [];
  before(async () => {
    gateway = await startGatewayProcess(join(import.meta.dirname, 'meeting-gateway.ts'), STREAMS, TOKENS);
  });
  after(() => gateway.stop());

  test('each has all of its own text, round after round', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await readAll(gateway.url, round);
      memory.push(await gateway.memory());
    }
  });

  test('leave no memory behind', (context) => {
    assert.equal(memory.length, ROUNDS);
    for (const kind of ['heap', 'resident'] as const) {
      const bytes = memory.map((each) => each[kind]);
      const growth = Math.min(...bytes.slice(-2)) / bytes[1]! - 1;
      const line = `${kind}: ${(100 * growth).toFixed(1)} % more, ${bytes.join(', ')} bytes`;
      context.diagnostic(line);
      assert.ok(growth < GROWTH[kind], line);
    }
  });
});

/** The gateway writes none of these texts before all of them are asked for. */
async function readAll(url: string, round: number): Promise<void> {
  const prompts = Array.from({ length: STREAMS }, (_, stream) => `${round}.${stream}`);
  const texts = await Promise.all(prompts.map((prompt) => readText(url, prompt)));
  assert.deepEqual(
    texts,
    prompts.map((prompt) => Array.from({ length: TOKENS }, (_, index) => textOfToken(prompt, index)).join('')),
  );
}
