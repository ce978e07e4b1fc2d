import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const RUN_ENDLESS = fileURLToPath(new URL('run-endless.ts', import.meta.url));
const skip = existsSync('/proc/self/task') ? false : 'the children of a process are looked up in /proc';

test('a program that does not end is gone with the process that runs it', { skip, timeout: 120_000 }, async () => {
  const parent = spawn(process.execPath, [RUN_ENDLESS], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(parent.stdout, 'data');
  await setTimeout(1_000);
  const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').trim().split(' ');
  assert.equal(children.length, 2);
  parent.kill('SIGKILL');
  while (children.some((pid) => existsSync(`/proc/${pid}`))) await setTimeout(50);
});
