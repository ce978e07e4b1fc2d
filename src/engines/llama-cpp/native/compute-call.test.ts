import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ComputeCall } from './compute-call.ts';

/** Answers with how often it was called, as soon as the gate is open. */
const SERVER = `
  import { workerData } from 'node:worker_threads';
  const { ComputeCall } = await import(workerData.module);
  let calls = 0;
  new ComputeCall(workerData.memory).serve(7n, () => {
    Atomics.wait(workerData.gate, 0, 0);
    return { code: ++calls };
  });
`;

suite('a call in shared memory', () => {
  const call = new ComputeCall();
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const numbers = new Int32Array(call.memory);
  let server: Worker;
  before(() => {
    const workerData = { module: new URL('./compute-call.ts', import.meta.url).href, memory: call.memory, gate };
    const script = new URL(`data:text/javascript,${encodeURIComponent(SERVER)}`);
    server = new Worker(script, { workerData });
  });
  after(async () => {
    open();
    call.end();
    await once(server, 'exit');
  });

  const ask = async () => (await call.ask({ kind: 'graph', backend: 1n, graph: 2n })).code;
  const open = () => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  /** As a thread does that was interrupted before it could wake the other one. */
  const wakeLate = () => numbers.reduce((woken, _, place) => woken + Atomics.notify(numbers, place), 0);

  test('has the callback once it is served', async () => {
    await call.served();
    assert.equal(call.callback, 7n);
  });

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

test('a question and its answer arrive whole', async () => {
  const call = new ComputeCall();
  const script = `
    import { workerData } from 'node:worker_threads';
    const { ComputeCall } = await import(workerData.module);
    new ComputeCall(workerData.memory).serve(0n, (question) => {
      const { kind, context, tokens, batch, states, statesBytes } = question;
      const isPass = context === 1n && tokens === 3 && batch.seq_id === 14n;
      const isWhole = kind === 'states' && isPass && states === 99n && statesBytes === 7;
      return { code: isWhole ? 5 : -1, ...(isWhole && { tensor: 42n }) };
    });
  `;
  const workerData = { module: new URL('./compute-call.ts', import.meta.url).href, memory: call.memory };
  const server = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), { workerData });
  const batch = { token: 11n, pos: 12n, n_seq_id: 13n, seq_id: 14n, logits: 15n };
  const states = call.ask({ kind: 'states', context: 1n, tokens: 3, batch, states: 99n, statesBytes: 7 });
  assert.deepEqual(await states, { code: 5, tensor: 42n });
  assert.deepEqual(await call.ask({ kind: 'decode', context: 1n, tokens: 3, batch }), { code: -1 });
  call.end();
  await once(server, 'exit');
});
