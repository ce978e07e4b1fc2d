import type { Benchmark } from '../../../benchmarks/benchmark.ts';
import type { Program } from '../../../sandbox/program.ts';
import { runPrograms } from '../../../sandbox/run-programs.ts';
import { strategyText } from '../../../assembly/create-strategy.ts';
import type { Evaluation, StrategyJob, TaskJobs } from '../open-evaluation.ts';
import { isAnswer, readAnswers } from '../read-answers.ts';
import { type AskedBenchmark, itemOf } from '../tasks/task.ts';

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
  for await (const program of programsOf(job, benchmark)) {
    if (asked.has(program.line) && !job.grades!.of(program.line, source, program.response)) programs.push(program);
  }
  if (programs.length === 0) return;
  const told = options.watch?.grades?.(
    `the programs of ${strategyText(job.strategy)}, in the sandbox`,
    programs.length,
  );
  let wasStopped = true;
  try {
    for await (const { program, outcome, result } of runPrograms(programs, { signal: options.signal })) {
      const graded = { grades: { passed: Number(outcome === 'passed') }, words: result };
      await job.grades!.append(program.line, source, program.response, graded);
      told?.add?.(program.line, undefined);
    }
    wasStopped = false;
  } finally {
    told?.end?.({ wasStopped });
  }
}

async function* programsOf(
  { batch }: StrategyJob,
  benchmark: AskedBenchmark,
): AsyncGenerator<AnswerProgram, void, void> {
  for await (const answer of readAnswers(batch.job.path)) {
    if (!isAnswer(answer)) continue;
    const { line, text: response } = answer;
    yield { ...benchmark.value.program!(itemOf(benchmark, line), response), line, response };
  }
}
