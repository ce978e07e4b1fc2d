import { runPrograms } from '../../src/sandbox/run-programs.ts';

/** Runs a program that does not end, for `kill.test.ts`. */
const program = {
  prompt: 'def half(number):\n',
  completion: '    return number / 2\n',
  test: 'def check(candidate):\n    pass\n',
  entryPoint: 'half',
};
const programs = [program, { ...program, completion: '    pass\n\nwhile True: pass\n' }];

for await (const { result } of runPrograms(programs, { workers: 1, timeoutMs: 600_000 })) console.log(result);
