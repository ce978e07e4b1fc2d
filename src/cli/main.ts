#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { watchOutput } from './output/watch-output.ts';

// Node.js keeps compiled modules in a folder for temporary files: the second start takes three quarters of the time.
enableCompileCache();
watchOutput();
const { runProgram } = await import('./program.ts');
process.exitCode = await runProgram(process.argv.slice(2));
