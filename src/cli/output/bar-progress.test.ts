import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { barProgress } from './bar-progress.ts';
import { openTerminal } from './terminal.ts';

/** Longer than the bar waits between two frames. */
const FRAME_MS = 250;

test('the time that is left is told once a byte has come', async () => {
  const screen = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 80 });
  const shown = () => String(screen.read());
  const progress = barProgress({ ...openTerminal(), notice: () => undefined }, screen);
  try {
    progress.start({ model: 'm', source: 'a hub', totalBytes: 1_000_000 });
    await sleep(FRAME_MS);
    progress.advance(0);
    await sleep(FRAME_MS);
    progress.advance(0);
    const before = shown();
    assert.match(before, / 0% · 0 bytes of 1\.0 MB/);
    assert.doesNotMatch(before, /left/);
    progress.advance(500_000);
    await sleep(FRAME_MS);
    assert.match(shown(), / 50% · 500 kB of 1\.0 MB · 1 s left/);
  } finally {
    progress.done('failed');
  }
});
