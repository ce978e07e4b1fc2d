import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scanInput, type ScanOptions } from '../../../batch/scan-input.ts';
import type { Benchmark, BenchmarkItem } from '../../../benchmarks/benchmark.ts';
import type { DataSource } from '../../../benchmarks/data/data-source.ts';
import { ConfigError } from '../../../core/errors.ts';
import { settingName } from '../../../core/setting-name.ts';
import { replaceFile } from '../../../storage/replace-file.ts';
import { withStorageErrors } from '../../../storage/storage-error.ts';
import { itemLineOf } from './item-line.ts';
import type { Task } from './task.ts';

export const ITEMS = 'items.jsonl';

interface BenchmarkTaskOptions extends Omit<ScanOptions, 'indexed'> {
  readonly folder: string;
  readonly data: DataSource;
  readonly samples: number;
}

/**
 * A benchmark's items are written into its folder as lines, with all that a model is shown. The hash of this file is
 * part of what answers depend on, so answers to two versions of a benchmark or of its form are never mixed.
 *
 * @throws ConfigError where answers to other items are in the folder already; as `DataSource.read` does
 */
export async function openBenchmarkTask(
  benchmark: Benchmark,
  { folder, data, samples, ...options }: BenchmarkTaskOptions,
): Promise<Task> {
  const items = await benchmark.loadItems(data);
  const input = join(folder, benchmark.name, ITEMS);
  await writeItems(input, linesOf(benchmark, items, samples), benchmark);
  const scan = await scanInput(input, { ...options, indexed: true });
  return {
    ...{ name: benchmark.name, place: benchmark.name, input, scan },
    benchmark: { value: benchmark, items, samples },
  };
}

function linesOf(benchmark: Benchmark, items: readonly BenchmarkItem[], samples: number): string {
  const lines = items.flatMap((item) =>
    Array.from({ length: samples }, (_, index) => `${itemLineOf(benchmark, item, index + 1)}\n`),
  );
  return lines.join('');
}

async function writeItems(path: string, lines: string, { name }: Benchmark): Promise<void> {
  await withStorageErrors(path, async () => {
    const folder = join(path, '..');
    await mkdir(folder, { recursive: true });
    const before = await readFile(path, 'utf8').catch(() => undefined);
    if (before === lines) return;
    if (before !== undefined && (await readdir(folder)).some((file) => file !== ITEMS && file.endsWith('.jsonl'))) {
      throw new ConfigError(
        'other-items',
        `${folder} has answers to other items of ${name} (another version of it, another number of samples, or ${ITEMS} was changed): name another folder with ${settingName('output')}, or remove ${folder} to begin anew.`,
      );
    }
    await replaceFile(path, (file) => file.writeFile(lines));
  });
}
