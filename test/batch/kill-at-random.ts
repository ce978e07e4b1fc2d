import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../src/core/seeded-random.ts';

const KILLS = 20;
/** So many kills must find a run that is under way. */
const REAL_KILLS = 10;

interface KilledCommand {
  readonly start: () => ChildProcess;
  /** How many lines its files have by now. */
  readonly written: () => Promise<number>;
  /** Told what was done. */
  readonly diagnostic: (text: string) => void;
}

/** Starts a command twenty times and kills it with SIGKILL: at once, while it loads, or while it writes. */
export async function killAtRandom({ start, written, diagnostic }: KilledCommand): Promise<void> {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1e6);
  const random = seededRandom(seed);
  const points: number[] = [];
  let killed = 0;
  for (let round = 0; round < KILLS; round++) {
    const wanted = (await written()) + 1 + Math.floor(12 * random());
    const child = start();
    const exited = once(child, 'exit');
    if (random() < 1 / 3) await pause(1000 * random());
    else while ((await written()) < wanted && child.exitCode === null) await pause(3);
    child.kill('SIGKILL');
    const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
    assert.ok(code === 0 || signal === 'SIGKILL', `ended with ${signal ?? `code ${code}`}`);
    if (signal === 'SIGKILL') killed++;
    points.push(await written());
  }
  diagnostic(`SEED=${seed}: ${killed} killed, after ${points.join(', ')} lines`);
  assert.ok(killed >= REAL_KILLS, `only ${killed} of ${KILLS} runs were killed before their end`);
}
