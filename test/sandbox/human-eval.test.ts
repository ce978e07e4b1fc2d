import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Program } from '../../src/sandbox/program.ts';
import { runPrograms } from '../../src/sandbox/run-programs.ts';

const FILE = fileURLToPath(new URL('../../../shared/data/HumanEval.jsonl.gz', import.meta.url));
const LIMIT_MS = 20_000;

interface Task {
  readonly task_id: string;
  readonly prompt: string;
  readonly canonical_solution: string;
  readonly test: string;
  readonly entry_point: string;
}

const options = { skip: existsSync(FILE) ? false : `${FILE} is not here`, timeout: 300_000 };

test('all canonical solutions of HumanEval pass, in 20 s of two workers once they have started', options, async () => {
  const start = process.hrtime.bigint();
  let startedMs: number | undefined;
  const failures: string[] = [];
  for await (const { program, result } of runPrograms(programs(), { workers: 2 })) {
    startedMs ??= msSince(start);
    if (result !== 'passed') failures.push(`${program.id} ${result}`);
  }
  assert.deepEqual(failures, []);
  assert.ok(msSince(start) - startedMs! <= LIMIT_MS, `they took ${msSince(start) - startedMs!} ms`);
});

/** Each of them has the answer's type at least; none is right. */
const WRONG_ANSWERS = ['None', 'not answer', '[answer]', 'Wrong(answer)'];

for (const wrong of WRONG_ANSWERS) {
  test(`none of HumanEval's solutions passes with ${wrong} in place of its answer`, options, async () => {
    const broken = programs().map((program) => ({
      ...program,
      completion: program.completion + returning(program, wrong),
    }));
    const passed: string[] = [];
    for await (const { program, outcome } of runPrograms(broken, { workers: 2 })) {
      if (outcome !== 'failed') passed.push(`${program.id} ${outcome}`);
    }
    assert.deepEqual(passed, []);
  });
}

/** Source after a solution that changes what it returns. */
function returning({ entryPoint }: Program, wrong: string): string {
  return `
class Wrong:
    def __init__(self, answer): self.answer = answer
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: True
    __sub__ = __rsub__ = lambda self, other: 0

def changed(solution):
    def call(*args):
        answer = solution(*args)
        return ${wrong}
    return call

${entryPoint} = changed(${entryPoint})
`;
}

function programs(): (Program & { readonly id: string })[] {
  const lines = gunzipSync(readFileSync(FILE)).toString().trim().split('\n');
  return lines.map((line) => {
    const task = JSON.parse(line) as Task;
    const { task_id: id, prompt, canonical_solution: completion, test, entry_point: entryPoint } = task;
    return { id, prompt, completion, test, entryPoint };
  });
}

function msSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e6;
}
