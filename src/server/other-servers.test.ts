import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { fastModel } from '../../test/fixtures/fast-model.ts';
import { createGateway, type GatewayLimits } from './index.ts';

suite('a gateway on another server than this one', () => {
  const open = (limits: Partial<GatewayLimits>) =>
    createGateway({
      models: [fastModel({ tokens: 1_000_000 })],
      limits: limits as GatewayLimits,
      log: pino({ enabled: false }),
      version: '0.0.0',
    });
  const body = JSON.stringify({ model: 'fast', stream: true, messages: [{ role: 'user', content: 'hi' }] });
  const ask = async ({ app }: ReturnType<typeof open>) =>
    (await app.fetch(new Request('http://gateway/v1/chat/completions', { method: 'POST', body }))).body!.getReader();

  test('frees the engine of a reader that leaves, or takes no more', async () => {
    const gateway = open({ stallMs: 30 });
    const leaving = await ask(gateway);
    await leaving.read();
    assert.equal(gateway.parts.exchanges.size, 1);
    await leaving.cancel();
    assert.equal(gateway.parts.exchanges.size, 0);
    const stalled = await ask(gateway);
    await stalled.read();
    while (gateway.parts.exchanges.size > 0) await delay(5);
    await assert.rejects(stalled.read(), /takes no more/);
  });

  test('waits as long as it is told to, however long that is', async () => {
    const gateway = open({ stallMs: 1e13, keepAliveMs: 1e13 });
    const reader = await ask(gateway);
    for (let i = 0; i < 5; i++) {
      assert.match(new TextDecoder().decode((await reader.read()).value as Uint8Array), /^data: /);
      await delay(20);
    }
    await reader.cancel();
  });
});
