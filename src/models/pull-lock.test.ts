import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { acquirePullLock } from './pull-lock.ts';
import { temporaryFolder } from '../../test/fixtures/serve-file.ts';

async function plantLock(target: string, owner: string): Promise<void> {
  await mkdir(`${target}.lock`);
  await writeFile(join(`${target}.lock`, owner), '');
}

test('one at a time, and nothing is left', async (context) => {
  const folder = await temporaryFolder(context);
  const target = join(folder, 'model');
  let holders = 0;
  const work = async () => {
    const unlock = await acquirePullLock(target, { pollMs: 1 });
    assert.equal(++holders, 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    holders--;
    await unlock();
  };
  await Promise.all(Array.from({ length: 20 }, work));
  assert.deepEqual(await readdir(folder), []);
});

test('the lock of a dead process is broken by one of those who wait', async (context) => {
  const target = join(await temporaryFolder(context), 'model');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await plantLock(target, `${pid}@${hostname().replace(/[^\w.-]/g, '_')}@x`);
  let holders = 0;
  const work = async () => {
    const unlock = await acquirePullLock(target, { pollMs: 1 });
    assert.equal(++holders, 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    holders--;
    await unlock();
  };
  await Promise.all(Array.from({ length: 10 }, work));
});

test('a lock of another machine without a sign of life is broken', async (context) => {
  const target = join(await temporaryFolder(context), 'model');
  await plantLock(target, '1@elsewhere@x');
  const waits: string[] = [];
  const unlock = await acquirePullLock(target, { staleMs: 50, pollMs: 5, onWait: (id) => waits.push(id) });
  await unlock();
  assert.deepEqual(waits, ['1']);
});

test('a wait can be aborted', async (context) => {
  const target = join(await temporaryFolder(context), 'model');
  const unlock = await acquirePullLock(target);
  await assert.rejects(acquirePullLock(target, { signal: AbortSignal.timeout(20) }), { name: 'AbortError' });
  await unlock();
});
