import { setTimeout } from 'node:timers/promises';

/** Waits until something holds, at most so long. @returns how long it took, in milliseconds */
export async function within(limitMs: number, holds: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  for (;;) {
    if (await holds()) return performance.now() - start;
    if (performance.now() - start > limitMs) throw new Error(`It did not hold within ${limitMs} ms.`);
    await setTimeout(5);
  }
}
