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

test('memory does not grow with the file', async () => {
  const small = await measure(10_000);
  const large = await measure(100_000);
  assert.equal(large.written, 100_000);
  // The files have 3 and 33 MB.
  assert.ok(large.peakMegabytes - small.peakMegabytes < 35, `${small.peakMegabytes} to ${large.peakMegabytes} MB`);
});

test('nor does it for a shuffled one, but for 12 bytes a line', async () => {
  const small = await measure(10_000, 1);
  const large = await measure(60_000, 1);
  assert.equal(large.written, 60_000);
  assert.ok(large.peakMegabytes - small.peakMegabytes < 35, `${small.peakMegabytes} to ${large.peakMegabytes} MB`);
});
