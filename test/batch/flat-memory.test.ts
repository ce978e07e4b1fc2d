import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const SCRIPT = join(import.meta.dirname, '../../bench/batch-memory.ts');

/** The peak of a process of its own whose heap has 40 MB. */
async function measure(...args: readonly number[]): Promise<{ written: number; peakMegabytes: number }> {
  const words = ['--max-old-space-size=40', SCRIPT, ...args.map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return JSON.parse(stdout) as { written: number; peakMegabytes: number };
}

// Lines that are kept would fill the heap of 40 MB, which ends the process. Buffers outside of it, if they were kept, would
// add the 300 MB by which the larger file of 5 kB lines is longer: garbage that is not collected yet is some 100 MB.
test('memory does not grow with the file', async () => {
  const small = await measure(20_000, 1000);
  const large = await measure(80_000, 1000);
  assert.equal(large.written, 80_000);
  const growth = large.peakMegabytes - small.peakMegabytes;
  assert.ok(growth < 150, `${small.peakMegabytes} to ${large.peakMegabytes} MB`);
});

test('a shuffled one fits the same heap: 12 bytes a line are kept', async () => {
  const { written, peakMegabytes } = await measure(60_000, 60, 1);
  assert.equal(written, 60_000);
  assert.ok(peakMegabytes < 300, `${peakMegabytes} MB`);
});
