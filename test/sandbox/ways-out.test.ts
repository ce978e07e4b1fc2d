import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { runPrograms } from '../../src/sandbox/run-programs.ts';
import { WAYS_OUT } from './ways-out.ts';

const HALF = {
  prompt: 'def half(number):\n',
  test: 'def check(candidate):\n    assert abs(candidate(4) - 2) < 1e-6\n    assert candidate(10) == 5\n    assert half(3) == 1.5\n',
  entryPoint: 'half',
};
const GOOD = { ...HALF, completion: '    return number / 2\n' };

/** One worker: whatever a program does to its processes, the next one meets. */
suite('ways out of the sandbox', () => {
  const programs = WAYS_OUT.flatMap((way) => [{ ...HALF, ...way }, GOOD]);
  const results = runPrograms(programs, { workers: 1, timeoutMs: 1_500, memoryBytes: 256 * 1024 ** 2 });
  after(() => results.return());

  for (const { what, completion, ends = /^(failed: |timed out$)/u } of WAYS_OUT) {
    test(`${what}: ${completion.trim().replaceAll(/\s+/gu, ' ')}`, { timeout: 60_000 }, async () => {
      const { value: tried } = await results.next();
      const { value: next } = await results.next();
      assert.match(tried!.result, ends);
      assert.equal(next!.result, 'passed');
    });
  }
});

/** Each first program leaves something; each second one passes only if it finds that. */
const TRACES: readonly (readonly [left: string, found: string])[] = [
  ['import builtins; builtins.left = 1', 'left'],
  ['import sys; sys.left = 1', 'import sys; sys.left'],
  ['import sys; sys.modules["left"] = sys', 'import left'],
  ['import math; math.pi = 3', 'import math; assert math.pi == 3'],
  ['import random; random.seed(1); random.half = random.random()', 'import random; random.half'],
  ['global left; left = 1', 'left'],
  ['import os; os.environ["LEFT"] = "1"', 'import os; os.environ["LEFT"]'],
  ['import os; os.chdir("/usr/local/lib")', 'import os; assert os.getcwd() != "/"'],
  ['import sys; sys.setrecursionlimit(77)', 'import sys; assert sys.getrecursionlimit() == 77'],
  ['import decimal; decimal.getcontext().prec = 3', 'import decimal; assert decimal.getcontext().prec == 3'],
];

test('nothing of one program reaches the next', { timeout: 120_000 }, async () => {
  const programs = TRACES.flat().map((line) => ({ ...HALF, completion: `    ${line}\n    return number / 2\n` }));
  const found: string[] = [];
  for await (const { result } of runPrograms(programs, { workers: 1 })) found.push(result.replace(/:.*/su, ''));
  assert.deepEqual(
    found,
    TRACES.flatMap(() => ['passed', 'failed']),
  );
});
