import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { DecodeCall } from './decode-call.ts';
import type { Pointer } from './llama-library.ts';

const NO_BATCH = { token: 0n, pos: 0n, n_seq_id: 0n, seq_id: 0n, logits: 0n };
const NO_CONTEXT = 0n as Pointer;

/** Answers with how often it was called, as soon as the gate is open. */
const SERVER = `
  import { workerData } from 'node:worker_threads';
  const { DecodeCall } = await import(workerData.module);
  let calls = 0;
  new DecodeCall(workerData.memory).serve(() => {
    Atomics.wait(workerData.gate, 0, 0);
    return ++calls;
  });
`;

suite('a call in shared memory', () => {
  const call = new DecodeCall();
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const numbers = new Int32Array(call.memory);
  let server: Worker;
  before(() => {
    const workerData = { module: new URL('./decode-call.ts', import.meta.url).href, memory: call.memory, gate };
    const script = new URL(`data:text/javascript,${encodeURIComponent(SERVER)}`);
    server = new Worker(script, { workerData });
  });
  after(async () => {
    open();
    call.end();
    await once(server, 'exit');
  });

  const ask = () => call.ask(NO_CONTEXT, 1, NO_BATCH);
  const open = () => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  /** As a thread does that was interrupted before it could wake the other one. */
  const wakeLate = () => numbers.reduce((woken, _, place) => woken + Atomics.notify(numbers, place), 0);

  test('is not answered by a wake-up alone', async () => {
    const answer = ask();
    let answered = false;
    void answer.then(() => (answered = true));
    while (wakeLate() === 0) await setImmediate();
    for (let i = 0; i < 20; i++) await setImmediate();
    assert.equal(answered, false);
    open();
    assert.equal(await answer, 1);
  });

  test('is not computed again after a wake-up alone', async () => {
    assert.equal(await ask(), 2);
    while (wakeLate() === 0) await setImmediate();
    assert.equal(await ask(), 3);
  });
});
