import { Worker } from 'node:worker_threads';

const WATCH = `
  const { readSync, writeSync } = require('node:fs');
  while (readSync(3, Buffer.alloc(1)) > 0) {
    const { user, system } = process.cpuUsage();
    writeSync(3, (user + system) / 1000 + '\\n');
  }
  process.kill(process.pid, 'SIGKILL');
`;

/**
 * Starts a thread that hears the parent while a program runs: for each byte on descriptor 3 it says there how many
 * milliseconds of a processor this process has had, and ends the process when the parent is gone.
 */
export function startWatch(): void {
  new Worker(WATCH, { eval: true }).unref();
}
