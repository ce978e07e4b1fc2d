import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const SCRIPT = join(import.meta.dirname, '../../bench/batch-memory.ts');

/** The peak of a process of its own whose heap has 40 MB; the file has 320 bytes a line. */
async function measure(...args: readonly number[]): Promise<{ written: number; peakMegabytes: number }> {
  const words = ['--max-old-space-size=40', SCRIPT, ...args.map(String)];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return JSON.parse(stdout) as { written: number; peakMegabytes: number };
}

// Lines that are kept would fill the heap of 40 MB, which ends the process. Buffers outside of it would show in the peak.
test('memory does not grow with the file', async () => {
  const small = await measure(80_000);
  const large = await measure(320_000);
  assert.equal(large.written, 320_000);
  // Less than the 80 MB by which the larger file is longer: until garbage is collected, a process takes some 200 MB.
  const growth = large.peakMegabytes - small.peakMegabytes;
  assert.ok(growth < 80, `${small.peakMegabytes} to ${large.peakMegabytes} MB`);
});

test('a shuffled one fits the same heap: 12 bytes a line are kept', async () => {
  const { written, peakMegabytes } = await measure(60_000, 1);
  assert.equal(written, 60_000);
  assert.ok(peakMegabytes < 300, `${peakMegabytes} MB`);
});
