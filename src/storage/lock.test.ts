import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { acquireLock, type LockOwner } from './lock.ts';
import { processState } from './process-state.ts';
import { temporaryFolder } from '../../test/fixtures/serve-file.ts';

const HOST = hostname().replace(/[^\w.-]/g, '_');
const TWO_DAYS_MS = 2 * 24 * 3600 * 1000;

async function plantLock(target: string, owner: string, ageMs = 0): Promise<void> {
  await mkdir(`${target}.lock`);
  const path = join(`${target}.lock`, owner);
  await writeFile(path, '');
  const touched = new Date(Date.now() - ageMs);
  await utimes(path, touched, touched);
}

/** As those do who have no use for waiting. */
const refuse = ({ processId, host }: LockOwner) => new Error(`held by ${processId} on ${host}`);

/** As many as `count` want the lock at once; each must be alone while it holds it. */
async function holdInTurn(target: string, count: number): Promise<void> {
  let holders = 0;
  const hold = async () => {
    const unlock = await acquireLock(target, { pollMs: 1 });
    assert.equal(++holders, 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    holders--;
    await unlock();
  };
  await Promise.all(Array.from({ length: count }, hold));
}

test('one at a time, and nothing is left', async (context) => {
  const folder = await temporaryFolder(context);
  const target = join(folder, 'model');
  await holdInTurn(target, 20);
  assert.deepEqual(await readdir(folder), []);
});

test('the lock of a dead process is broken by one of those who wait', async (context) => {
  const target = join(await temporaryFolder(context), 'model');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await plantLock(target, `${pid}@${HOST}@x`);
  await holdInTurn(target, 10);
});

test('a lock of another machine without a sign of life is broken', async (context) => {
  const target = join(await temporaryFolder(context), 'model');
  await plantLock(target, '1@elsewhere@x');
  const waits: string[] = [];
  const unlock = await acquireLock(target, {
    staleMs: 50,
    pollMs: 5,
    onWait: ({ processId }) => waits.push(processId),
  });
  await unlock();
  assert.deepEqual(waits, ['1']);
});

test('a wait can be aborted', async (context) => {
  const target = join(await temporaryFolder(context), 'model');
  const unlock = await acquireLock(target);
  await assert.rejects(acquireLock(target, { signal: AbortSignal.timeout(20) }), { name: 'AbortError' });
  await unlock();
});

test('an owner that gave a sign of life lately is refused at once, wherever it is', async (context) => {
  const target = join(await temporaryFolder(context), 'model');
  await plantLock(target, '1@elsewhere@x');
  await assert.rejects(acquireLock(target, { refuse }), /held by 1 on elsewhere/);
});

for (const owner of ['1@elsewhere@x', `${process.ppid}@${HOST}@x`]) {
  test(`a lock of ${owner} that nobody touched for two days is broken after a wait`, async (context) => {
    const target = join(await temporaryFolder(context), 'model');
    await plantLock(target, owner, TWO_DAYS_MS);
    const waits: string[] = [];
    const onWait = ({ processId }: LockOwner) => waits.push(processId);
    const unlock = await acquireLock(target, { refuse, onWait, staleMs: 50, pollMs: 5 });
    await unlock();
    assert.deepEqual(waits, [owner.split('@')[0]]);
  });
}

const needsProc = process.platform === 'linux' ? {} : { skip: 'needs /proc of Linux' };

test("a lock of a process whose id is another one's now is broken at once", needsProc, async (context) => {
  const target = join(await temporaryFolder(context), 'model');
  await plantLock(target, `${process.ppid}@${HOST}@x@1`);
  await (
    await acquireLock(target, { refuse })
  )();
});

test('a lock of a stopped process, which may go on, is never broken', needsProc, async (context) => {
  const target = join(await temporaryFolder(context), 'model');
  const { start } = await processState(process.ppid);
  const owner = `${process.ppid}@${HOST}@x@${start}`;
  await plantLock(target, owner, TWO_DAYS_MS);
  await assert.rejects(acquireLock(target, { refuse, staleMs: 1, pollMs: 1 }), /held by/);
  const waiting = acquireLock(target, { staleMs: 1, pollMs: 1, signal: AbortSignal.timeout(50) });
  await assert.rejects(waiting, { name: 'AbortError' });
  assert.deepEqual(await readdir(`${target}.lock`), [owner]);
});

test('a lock of a zombie is broken at once', needsProc, async (context) => {
  const target = join(await temporaryFolder(context), 'model');
  // The program that takes the shell's place knows of no child, and never asks for its end.
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  context.after(() => parent.kill('SIGKILL'));
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const processId = said.toString().trim();
  while (!/\) Z /.test(await readFile(`/proc/${processId}/stat`, 'utf8'))) await new Promise(setImmediate);
  await plantLock(target, `${processId}@${HOST}@x`);
  await (
    await acquireLock(target, { refuse })
  )();
});
