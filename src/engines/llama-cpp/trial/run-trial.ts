import { type ProcessOptions, type ProcessResult, runProcess } from '../../../models/run-process.ts';

/** Runs one of the programs of this room in a process of its own, which llama.cpp may end. */
export function runTrial(program: string, args: readonly string[], options: ProcessOptions): Promise<ProcessResult> {
  // Else ggml has a debugger print where it ended.
  const env = { ...process.env, GGML_NO_BACKTRACE: '1' };
  // Not this process's own flags: `node --eval` would run its text again in place of the program.
  return runProcess([process.execPath, program, ...args], { ...options, env });
}

/** What a native library wrote before it ended the process: an assertion, an uncaught exception of C++, or its first error. */
export function nativeWords(errorOutput: string): string | undefined {
  const lines = errorOutput.split('\n').map((line) => line.trim());
  const [, asserted] = /^\S+\.(?:c|cpp|cu|h):\d+: (.+)/m.exec(errorOutput) ?? [];
  const thrown = lines.find((line) => line.startsWith('what():'))?.replace('what():', '');
  const words = asserted ?? thrown ?? lines.find((line) => /error/i.test(line));
  return words?.trim().replace(/\.$/, '').slice(0, 200);
}
