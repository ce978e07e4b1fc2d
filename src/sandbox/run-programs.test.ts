import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Program } from './program.ts';
import { runPrograms, type SandboxOptions } from './run-programs.ts';

const HALF: Program = {
  prompt: 'def offset():\n    return 1\n\ndef half(number: int) -> float:\n    """Half of a number."""\n',
  completion: '    return number / 2\n',
  test: 'def check(candidate):\n    assert candidate(4) == 2\n    assert half(offset()) == 0.5\n',
  entryPoint: 'half',
};

test('a right solution passes, a wrong one fails by the assertion that it failed', async () => {
  assert.deepEqual(await resultsOf('    return number / 2\n', '    return number / 3\n'), [
    'passed',
    'failed: AssertionError: assert candidate(4) == 2',
  ]);
});

test('a program that ends badly fails in one line, and the next one passes', async () => {
  assert.deepEqual(
    await resultsOf(
      '    return number / 0\n',
      '    return (\n',
      '    return number / 2\n\ndel half\n',
      '    import os\n    os._exit(0)\n',
      '    raise RuntimeError("one\\ntwo")\n',
      '    return number / 2\n',
    ),
    [
      'failed: ZeroDivisionError: division by zero',
      "failed: SyntaxError: '(' was never closed (<program>, line 6)",
      "failed: NameError: name 'half' is not defined",
      'failed: the program ended the interpreter (exit status 0)',
      'failed: RuntimeError: one two',
      'passed',
    ],
  );
});

test('values go between a program and its tests as they are', async () => {
  const same = {
    prompt: 'def same(value):\n',
    completion: '    return value\n',
    entryPoint: 'same',
    test: `
from decimal import Decimal
from fractions import Fraction

def check(candidate):
    for value in [None, True, 0, -1, 2**62, 2**200, -2**200, 0.1, 1e300, float("inf"), 1j, "ä\\ud800\\n", b"\\xff",
                  [], [1, [2]], (1, (2,)), {1, "a"}, frozenset([1]), {(1, 2): [3], None: 4}, range(1, 9, 2),
                  Fraction(1, 3), Decimal("0.10")]:
        assert candidate(value) == value and type(candidate(value)) is type(value), repr(value)
    assert candidate(float("nan")) != candidate(float("nan"))
    assert list(candidate(iter([1, 2]))) == [1, 2] and candidate({1: 2}.keys()) == {1}
    assert candidate(object()) != candidate(object())
`,
  };
  const found: string[] = [];
  for await (const { result } of runPrograms([same], options())) found.push(result);
  assert.deepEqual(found, ['passed']);
});

test('a program that goes on for ever times out, and the next one passes', async () => {
  const results = await resultsOf('    while True: pass\n', '    return number / 2\n');
  assert.deepEqual(results, ['timed out', 'passed']);
});

test('results carry the object that went in, and an abort ends what runs', async () => {
  const controller = new AbortController();
  const programs = ['    return number / 2\n', '    while True: pass\n'].map((completion) => ({ ...HALF, completion }));
  const seen: unknown[] = [];
  const start = performance.now();
  await assert.rejects(async () => {
    for await (const { program } of runPrograms(programs, options({ timeoutMs: 60_000, signal: controller.signal }))) {
      seen.push(program);
      setTimeout(() => controller.abort(), 300);
    }
  }, /AbortError/);
  assert.equal(seen[0], programs[0]);
  assert.ok(performance.now() - start < 30_000);
});

async function resultsOf(...completions: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { result } of runPrograms(
    completions.map((completion) => ({ ...HALF, completion })),
    options(),
  )) {
    found.push(result);
  }
  return found;
}

function options(more: SandboxOptions = {}): SandboxOptions {
  return { workers: 1, timeoutMs: 2_000, ...more };
}
