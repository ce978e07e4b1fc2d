import { setTimeout } from 'node:timers/promises';

/** A program whose process has had less than this, in milliseconds, since the last look waits for something. */
const IDLE_MS = 2;
const LOOK_MS = 500;
/** On a machine that is so busy, nothing can be said of a program's time. */
const MOST_TIMES = 20;

/**
 * Ends when a program has had its time: `timeoutMs` by the clock, and, where other work keeps the processors busy,
 * as much of a processor. Who waits and computes nothing gets no more than the first.
 *
 * @param usedMs what its processes have had of processors, in milliseconds
 * @throws AggregateError when the signal says that the program is over
 */
export async function timeIsUp(usedMs: () => Promise<number>, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const wait = (timeMs: number) => setTimeout(timeMs, undefined, { signal });
  const untilUsed = async () => {
    const start = await usedMs();
    await wait(timeoutMs);
    for (let before = start; ; await wait(LOOK_MS)) {
      const used = await usedMs();
      if (used - start >= timeoutMs || used - before < IDLE_MS) return;
      before = used;
    }
  };
  await Promise.any([untilUsed(), wait(MOST_TIMES * timeoutMs)]);
}
