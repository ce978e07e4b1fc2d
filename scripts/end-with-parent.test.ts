import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

/** A parent with a child that has a child itself; it tells the pids of both. */
const PARENT = `
import { spawn } from 'node:child_process';
import { endWithParent } from ${JSON.stringify(join(import.meta.dirname, 'end-with-parent.ts'))};
const child = spawn('sh', ['-c', 'sleep 60 & echo $$ $!; wait'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
endWithParent(child);
child.stdout.once('data', (pids) => process.stdout.write(pids));
setInterval(() => {}, 1000);
`;

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`a child and its children end with a parent that ends by ${signal}`, async () => {
    const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [told] = (await once(parent.stdout, 'data')) as [Buffer];
    const pids = told.toString().trim().split(' ').map(Number);
    assert.ok(pids.length === 2 && pids.every(runs));
    parent.kill(signal);
    const [, by] = (await once(parent, 'exit')) as [number | null, string];
    assert.equal(by, signal);
    for (let i = 0; i < 100 && pids.some(runs); i++) await delay(20);
    assert.deepEqual(pids.filter(runs), []);
  });
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
