import type { Benchmark } from '../../../benchmarks/benchmark.ts';
import type { Program } from '../../../sandbox/program.ts';
import { runPrograms } from '../../../sandbox/run-programs.ts';
import { watched } from '../../../recording/watched.ts';
import { strategyText } from '../../../assembly/create-strategy.ts';
import type { Evaluation, StrategyJob, TaskJobs } from '../open-evaluation.ts';
import { answersTo } from '../read-answers.ts';
import { itemOf } from '../tasks/task.ts';

/** What the sandbox says depends on the tests, which are the benchmark's. */
export function sandboxSource({ name, version }: Benchmark): string {
  return `sandbox, ${name} ${version}`;
}

interface AnswerProgram extends Program {
  readonly line: number;
  readonly response: string;
}

/** Runs the programs of a strategy's responses that have not been run. */
export async function gradePrograms(
  job: StrategyJob,
  { task, asked }: TaskJobs,
  { options }: Evaluation,
): Promise<void> {
  const { benchmark } = task;
  if (!benchmark?.value.program) return;
  const source = sandboxSource(benchmark.value);
  const programs: AnswerProgram[] = [];
  for await (const { line, text: response } of answersTo(job.batch.job.path, asked)) {
    if (job.grades!.of(line, source, response)) continue;
    programs.push({ ...benchmark.value.program(itemOf(benchmark, line), response), line, response });
  }
  if (programs.length === 0) return;
  const what = `the programs of ${strategyText(job.strategy)}, in the sandbox`;
  const told = options.watch?.grades?.(what, programs.length);
  await watched(told, async () => {
    for await (const { program, outcome, result } of runPrograms(programs, { signal: options.signal })) {
      const graded = { grades: { passed: Number(outcome === 'passed') }, words: result };
      await job.grades!.append(program.line, source, program.response, graded);
      told?.add?.(program.line, undefined);
    }
  });
}
