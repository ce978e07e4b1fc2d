import { Worker } from 'node:worker_threads';

/** Standard input's end can't be seen while a program runs: a thread waits for that of descriptor 3, and ends the process. */
const WATCH = `
  require('node:fs').readSync(3, Buffer.alloc(1));
  process.kill(process.pid, 'SIGKILL');
`;

/** Ends this process when its parent is gone, also in the middle of an endless loop. */
export function watchParent(): void {
  new Worker(WATCH, { eval: true }).unref();
}
