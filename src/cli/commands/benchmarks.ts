import { Command } from 'commander';
import type { Benchmark } from '../../benchmarks/benchmark.ts';
import { BENCHMARKS } from '../../benchmarks/benchmarks.ts';
import type { DataFile } from '../../benchmarks/data/data-file.ts';
import type { DataSource } from '../../benchmarks/data/data-source.ts';
import { dataFolderOption, dataSource, type DataFolderValues } from '../options/data-folder-option.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';

interface BenchmarksValues extends DataFolderValues {
  readonly json?: boolean;
}

export function benchmarksCommand(): Command {
  return new Command('benchmarks')
    .option('--json', 'as JSON')
    .addOption(dataFolderOption())
    .action((values: BenchmarksValues) => show(values));
}

type ListedFile = DataFile & { readonly isHere: boolean };

async function show(values: BenchmarksValues): Promise<void> {
  const terminal = openTerminal();
  const source = dataSource(values, terminal);
  const listed = await Promise.all(
    BENCHMARKS.map(async (benchmark) => ({ benchmark, files: await listFiles(benchmark, source) })),
  );
  if (values.json) {
    const benchmarks = listed.map(({ benchmark, files }) => toJson(benchmark, files));
    terminal.write(`${JSON.stringify({ benchmarks })}\n`);
    return;
  }
  for (const { benchmark, files } of listed) print(terminal, benchmark, files);
}

async function listFiles({ data }: Benchmark, source: DataSource): Promise<ListedFile[]> {
  return await Promise.all(data.map(async (file) => ({ ...file, isHere: await source.has(file) })));
}

function toJson({ name, version, title, itemCount, form, needs }: Benchmark, files: readonly ListedFile[]) {
  return { name, version, title, items: itemCount, form, needs, data: files };
}

function print(terminal: Terminal, benchmark: Benchmark, files: readonly ListedFile[]): void {
  const { name, version, title, itemCount, needs } = benchmark;
  terminal.write(`${terminal.colours.bold(name)}  version ${version}, ${itemCount} items: ${title}\n`);
  terminal.write(`  needs ${needs.length === 0 ? 'nothing but the answers' : needs.join(', ')}\n`);
  for (const { name: file, licence, url, sha256, unconfirmed, isHere } of files) {
    terminal.write(`  ${file} (${licence}): ${isHere ? 'here' : 'not here yet'}\n`);
    terminal.write(`    ${url}\n`);
    terminal.write(`    SHA-256 ${sha256}${unconfirmed === undefined ? '' : `, ${unconfirmed}`}\n`);
  }
}
