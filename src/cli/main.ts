#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { watchOutput } from './output/watch-output.ts';

// Node.js keeps compiled modules in a folder for temporary files: the second start takes three quarters of the time.
enableCompileCache();
watchOutput();
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error: unknown) => void import('./late-faults.ts').then(({ lateFault }) => lateFault(error)));
}
const { runProgram } = await import('./program.ts');
process.exitCode = await runProgram(process.argv.slice(2));
