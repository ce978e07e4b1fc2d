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

// A process takes some 200 MB before its garbage is collected for the first time, so both files are beyond that.
const FEW = 80_000;
const MANY = 320_000;
/** The larger file is 80 MB longer. */
const MOST_GROWTH_MB = 40;

test('memory does not grow with the file', async () => {
  const small = await measure(FEW);
  const large = await measure(MANY);
  assert.equal(large.written, MANY);
  assertFlat(small, large);
});

test('nor does it for a shuffled one, but for 12 bytes a line', async () => {
  const small = await measure(FEW, 1);
  const large = await measure(MANY, 1);
  assert.equal(large.written, MANY);
  assertFlat(small, large);
});

function assertFlat(small: { readonly peakMegabytes: number }, large: { readonly peakMegabytes: number }): void {
  const growth = large.peakMegabytes - small.peakMegabytes;
  assert.ok(growth < MOST_GROWTH_MB, `${small.peakMegabytes} to ${large.peakMegabytes} MB`);
}
