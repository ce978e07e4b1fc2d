import type { Terminal } from './terminal.ts';

const INTERVAL_MS = 10_000;

/** Tells every ten seconds how far something is whose end is not known. */
export function recordProgress({ notice }: Terminal, what: string): (count: number) => void {
  let toldMs = performance.now();
  return (count) => {
    if (performance.now() - toldMs < INTERVAL_MS) return;
    toldMs = performance.now();
    notice(`${count} ${what} …`);
  };
}
