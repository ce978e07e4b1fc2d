import { z } from 'zod';
import { mean } from '../../core/mean.ts';
import { runPrograms } from '../../sandbox/run-programs.ts';
import { meanInterval } from '../../statistics/mean-interval.ts';
import { codeCompletion } from '../graders/code-completion.ts';
import { passAtK } from '../graders/pass-at-k.ts';
import { humanEval, type HumanEvalItem } from '../humaneval/humaneval.ts';
import { brokenLine, type FileRecord, readRecords } from './read-records.ts';
import type { Score, ScoreSettings } from './score.ts';

const sample = z.object({ task_id: z.string(), completion: z.string() });

interface SampleResult {
  readonly task_id: string;
  readonly passed: boolean;
  readonly result: string;
}

/** Of those numbers of samples that every problem has. */
const SAMPLES = [1, 10, 100];

export async function scoreHumanEval(path: string, { data, signal }: ScoreSettings): Promise<Score> {
  const records = await readRecords(path, sample);
  const items = await humanEval.loadItems(data);
  const results = await runSamples(
    records.map((record) => toProgram(record, items, path)),
    signal,
  );
  const byTask = Map.groupBy(results, ({ task_id }) => task_id);
  const tasks = [...byTask.values()].map((own) => ({
    samples: own.length,
    passed: own.filter(({ passed }) => passed).length,
  }));
  const figures = SAMPLES.flatMap((k) => {
    const chances = tasks.flatMap(({ samples, passed }) => passAtK(samples, passed, k) ?? []);
    if (chances.length < tasks.length) return [];
    return [{ name: `pass@${k}`, value: mean(chances), unit: 'share' as const, interval: meanInterval(chances) }];
  });
  return {
    result: {
      ...Object.fromEntries(figures.map(({ name, value }) => [name, value])),
      n: results.length,
      results,
    },
    figures,
    notes: [
      `${results.length} samples of ${tasks.length} of ${items.length} problems; intervals: 95%, 1000 seeded resamples of problems.`,
    ],
  };
}

type SampleProgram = ReturnType<typeof toProgram>;

function toProgram({ line, value }: FileRecord<z.infer<typeof sample>>, items: readonly HumanEvalItem[], path: string) {
  const item = items.find(({ id }) => id === value.task_id);
  if (!item) throw brokenLine(path, line, `HumanEval has no task ${JSON.stringify(value.task_id)}`);
  const { source, test, entryPoint } = item;
  const completion = codeCompletion(value.completion, entryPoint);
  return { taskId: value.task_id, prompt: source, completion, test, entryPoint };
}

/** Results in the order of the samples. */
async function runSamples(programs: readonly SampleProgram[], signal?: AbortSignal): Promise<SampleResult[]> {
  const found = new Map<SampleProgram, SampleResult>();
  for await (const { program, outcome, result } of runPrograms(programs, { signal }))
    found.set(program, { task_id: program.taskId, passed: outcome === 'passed', result });
  return programs.map((program) => found.get(program)!);
}
