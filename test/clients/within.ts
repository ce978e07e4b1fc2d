import { setTimeout } from 'node:timers/promises';

/** Waits until something holds, at most so long. */
export async function within(limitMs: number, holds: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > limitMs) throw new Error(`It did not hold within ${limitMs} ms.`);
    await setTimeout(5);
  }
}
