#!/usr/bin/env node
import { watchOutput } from './output/watch-output.ts';
import { runProgram } from './program.ts';

watchOutput();
process.exitCode = await runProgram(process.argv.slice(2));
