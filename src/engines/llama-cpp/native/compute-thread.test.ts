import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { EngineError } from '../../../core/errors.ts';
import { ComputeThread } from './compute-thread.ts';
import { locateLibrary } from './library-location.ts';

const NOTHING = { kind: 'graph', backend: 0n, graph: 0n } as const;

test('a thread that can not load the library refuses what waits for it, and all that comes later', async () => {
  const thread = new ComputeThread({ llama: '/nowhere/libllama.so', ggmlBase: '/nowhere/libggml.so' });
  const refused = (error: unknown) => error instanceof EngineError && error.code === 'compute-thread';
  await assert.rejects(thread.ask(NOTHING), refused);
  await assert.rejects(thread.ask(NOTHING), refused);
  await thread.close();
});

test('a thread that nobody waits for does not keep the process alive', () => {
  const module = new URL('./compute-thread.ts', import.meta.url).href;
  const program = `import { ComputeThread } from ${JSON.stringify(module)}; new ComputeThread({ llama: 'libc.so.6', ggmlBase: 'libc.so.6' });`;
  const { status, signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    timeout: 120_000,
  });
  assert.deepEqual({ status, signal }, { status: 0, signal: null });
});

test('a closed thread refuses what comes later', async () => {
  const thread = new ComputeThread(locateLibrary());
  await thread.close();
  await assert.rejects(thread.ask(NOTHING), { name: 'EngineError', code: 'closed' });
});
