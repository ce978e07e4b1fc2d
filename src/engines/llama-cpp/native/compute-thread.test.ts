import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { EngineError } from '../../../core/errors.ts';
import { ComputeThread } from './compute-thread.ts';
import { locateLibrary } from './library-location.ts';
import type { Pointer } from './llama-library.ts';

const NO_BATCH = { token: 0n, pos: 0n, n_seq_id: 0n, seq_id: 0n, logits: 0n };
const NO_CONTEXT = 0n as Pointer;

test('a thread that can not load the library refuses what waits for it, and all that comes later', async () => {
  const thread = new ComputeThread('/nowhere/libllama.so');
  const refused = (error: unknown) => error instanceof EngineError && error.code === 'compute-thread';
  await assert.rejects(thread.decode(NO_CONTEXT, 1, NO_BATCH), refused);
  await assert.rejects(thread.decode(NO_CONTEXT, 1, NO_BATCH), refused);
  await thread.close();
});

test('a thread that nobody waits for does not keep the process alive', () => {
  const module = new URL('./compute-thread.ts', import.meta.url).href;
  const program = `import { ComputeThread } from ${JSON.stringify(module)}; new ComputeThread('libc.so.6');`;
  const { status, signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    timeout: 20_000,
  });
  assert.deepEqual({ status, signal }, { status: 0, signal: null });
});

test('a closed thread refuses what comes later', async () => {
  const thread = new ComputeThread(locateLibrary().llama);
  await thread.close();
  await assert.rejects(thread.decode(NO_CONTEXT, 1, NO_BATCH), { name: 'EngineError', code: 'closed' });
});
