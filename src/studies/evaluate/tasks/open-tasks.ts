import { basename, extname } from 'node:path';
import { stat } from 'node:fs/promises';
import { assertInput } from '../../../batch/batch-places.ts';
import { scanInput, type ScanOptions } from '../../../batch/scan-input.ts';
import type { Benchmark } from '../../../benchmarks/benchmark.ts';
import { findBenchmark } from '../../../benchmarks/benchmarks.ts';
import type { DataSource } from '../../../benchmarks/data/data-source.ts';
import { ConfigError } from '../../../core/errors.ts';
import { openBenchmarkTask } from './open-benchmark-task.ts';
import type { Task } from './task.ts';

export interface TasksAsked extends Omit<ScanOptions, 'indexed'> {
  /** Files of prompts, names of benchmarks, and benchmarks of one's own. */
  readonly what: readonly (string | Benchmark)[];
  /** The evaluation's folder, behind links. */
  readonly folder: string;
  readonly data: DataSource;
  readonly samples: number;
}

/**
 * The first file of prompts has its answers in the folder itself, as earlier versions wrote them; all others have a folder
 * of their own in it.
 *
 * @throws ConfigError for a name that is neither a file nor a benchmark; see `openBenchmarkTask`
 */
export async function openTasks({ what, folder, data, samples, ...options }: TasksAsked): Promise<Task[]> {
  const tasks: Task[] = [];
  for (const one of what) {
    const benchmark = typeof one === 'string' ? await benchmarkNamed(one) : one;
    const task = benchmark
      ? await openBenchmarkTask(benchmark, { folder, data, samples, ...options })
      : await openPromptsTask(one as string, tasks, options);
    const same = tasks.find(({ place, input }) => place === task.place || input === task.input);
    if (same) throw twice(same.name, task.name);
    tasks.push(task);
  }
  if (tasks.length === 0)
    throw new ConfigError('no-requests', 'Nothing is named to evaluate: name a file or a benchmark.');
  return tasks;
}

/** A file counts more than a benchmark of the same name. */
async function benchmarkNamed(name: string): Promise<Benchmark | undefined> {
  if (/[/\\]|\.jsonl?$/.test(name) || (await stat(name).catch(() => undefined))) return undefined;
  return findBenchmark(name);
}

async function openPromptsTask(
  path: string,
  before: readonly Task[],
  options: Omit<ScanOptions, 'indexed'>,
): Promise<Task> {
  await assertInput(path);
  const scan = await scanInput(path, { ...options, indexed: true });
  const isFirst = !before.some(({ place }) => place === '');
  const place = isFirst ? '' : basename(path, extname(path));
  return { name: path, place, input: path, scan };
}

function twice(one: string, other: string): ConfigError {
  const which = one === other ? `${one} is named twice` : `${one} and ${other} would have the same folder`;
  return new ConfigError('same-task', `${which}: leave one out, or evaluate them in folders of their own.`);
}
