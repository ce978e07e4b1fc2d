import assert from 'node:assert/strict';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { openScriptedGateway } from '../../test/fixtures/scripted-gateway.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import { EngineError } from '../core/errors.ts';
import { ResponseRecorder } from '../core/response-recorder.ts';
import { createGateway, DEFAULT_LIMITS } from './index.ts';

suite('one response of several that fails', () => {
  test('ends those that wait before their turn', async () => {
    const gateway = await openScriptedGateway({ base: { contextLength: 64 }, limits: { parallel: 1 } });
    const prompt = ['one', 'x'.repeat(100), 'three', 'four'];
    const response = await gateway.post('/v1/completions', { model: 'pair:base', prompt, echo: true, logprobs: 0 });
    assert.equal(response.status, 400);
    const { error } = (await response.json()) as { error: { code: string } };
    assert.equal(error.code, 'context_length_exceeded');
    assert.equal(gateway.base.calls.filter(({ method }) => method === 'score').length, 1);
    await gateway.close();
  });

  test('stops what the others are at', async () => {
    let stopped = false;
    let asked = 0;
    const strategy: DecodingStrategy = {
      name: 'half-broken',
      async *decode(request) {
        const isFirst = asked++ === 0;
        const record = new ResponseRecorder(request);
        yield record.start({ strategy: 'half-broken', models: {} });
        if (isFirst) {
          // The other one has given its first event by then.
          await delay(20);
          throw new EngineError('scripted', 'gone', 'The engine is gone.');
        }
        await once(request.signal!, 'abort');
        stopped = true;
        throw request.signal!.reason;
      },
    };
    const { app } = createGateway({
      models: [{ id: 'pair', queue: 'pair', defaults: { sampling: { temperature: 0 } }, strategy: () => strategy }],
      limits: { ...DEFAULT_LIMITS, parallel: 2 },
      log: pino({ enabled: false }),
      version: '0.0.0',
    });
    const body = JSON.stringify({ model: 'pair', n: 2, messages: [{ role: 'user', content: 'hi' }] });
    const response = await app.request('/v1/chat/completions', { method: 'POST', body });
    assert.deepEqual([response.status, stopped], [502, true]);
  });
});
