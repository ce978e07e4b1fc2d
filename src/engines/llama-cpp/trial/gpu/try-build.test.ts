import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { RememberedTrials } from '../../../../models/remembered-trials.ts';
import { tryBuild, type TrialOptions } from './try-build.ts';

const BUILD = { variant: 'linux-x64-cuda', backend: 'cuda' } as const;

suite('the trial of a build for GPUs', () => {
  let folder: string;
  let remembered: RememberedTrials;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-trial-'));
    remembered = new RememberedTrials(join(folder, 'tried'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** With a script in place of the one that computes. */
  async function tryWith(source: string, more: TrialOptions = {}) {
    const program = join(folder, 'program.mjs');
    await writeFile(program, source);
    return await tryBuild(BUILD, { program, remembered, driver: () => Promise.resolve(['580']), ...more });
  }

  const says = (outcome: object) => `console.log('noise'); console.log(${JSON.stringify(JSON.stringify(outcome))});`;
  const CRASH = `process.stderr.write('CUDA error: no.\\n  in function f\\n'); process.kill(process.pid, 'SIGABRT'); setInterval(() => {}, 1000);`;

  test('that goes well is remembered, until the driver changes', async () => {
    let begun = 0;
    const begins = () => {
      begun++;
      return () => undefined;
    };
    assert.deepEqual(await tryWith(says({ kind: 'works' }), { begins }), { kind: 'works' });
    assert.deepEqual(await tryWith(CRASH, { begins }), { kind: 'works' });
    assert.equal(begun, 1);
    const other = await tryWith(CRASH, { driver: () => Promise.resolve(['581']) });
    assert.equal(other.kind, 'failed');
  });

  test('that ends its process tells the reason of the library, each time anew', async () => {
    for (let times = 0; times < 2; times++) {
      assert.deepEqual(await tryWith(CRASH), { kind: 'failed', reason: 'CUDA error: no' });
    }
    assert.deepEqual(await tryWith('process.exit(3)'), { kind: 'failed', reason: 'its process ended with code 3' });
  });

  test('that finds no GPU says so', async () => {
    const outcome = { kind: 'no-gpu', reason: 'no driver' };
    assert.deepEqual(await tryWith(says(outcome)), outcome);
  });

  test('that does not end is ended', async () => {
    const outcome = await tryWith('setInterval(() => {}, 1000)', { timeoutMs: 300 });
    assert.deepEqual(outcome, { kind: 'failed', reason: 'its process did not end within 0.3 seconds' });
  });

  test('that says nothing has failed', async () => {
    assert.deepEqual(await tryWith(''), { kind: 'failed', reason: 'its process did not say how it went' });
  });

  test('stops with its signal', async () => {
    const trial = tryWith('setInterval(() => {}, 1000)', { signal: AbortSignal.timeout(100) });
    await assert.rejects(trial, { name: 'TimeoutError' });
  });
});
