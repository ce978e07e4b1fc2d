import { Command } from 'commander';
import type { RunResult } from '../../assembly/run-result.ts';
import { ConfigError } from '../../core/errors.ts';
import { assertWritable, writeTextFile } from '../../storage/write-json-file.ts';
import { type ReadTrace, readTraces } from '../../traces/read-traces.ts';
import { openTerminal } from '../output/terminal.ts';
import { tracePicture } from '../output/trace-picture/trace-picture.ts';
import { traceText } from '../output/trace-text.ts';
import { readTextFile } from '../read-input.ts';

interface TraceValues {
  readonly number?: string;
  readonly svg?: string;
}

export function traceCommand(): Command {
  return new Command('trace')
    .argument('<file>', 'of run --json or --trace, of batch --tokens, of evaluate --tokens')
    .option('--number <n>', 'of several traces in the file only this one, from 1')
    .option('--svg <file>', 'draw it instead')
    .action((file: string, values: TraceValues) => trace(file, values));
}

async function trace(file: string, { number, svg }: TraceValues): Promise<void> {
  const terminal = openTerminal();
  if (svg !== undefined) await assertWritable(svg, '--svg');
  const read = chosen([...readTraces(await readTextFile(file, 'trace'), file)], file, number);
  if (svg !== undefined) return await writeTextFile(svg, tracePicture(single(read, file)), '--svg');
  const columns = terminal.isScreen ? process.stdout.columns || 80 : 80;
  for (const one of read) {
    if (read.length > 1) terminal.notice(terminal.noticeColours.bold(`── ${one.place} ──`));
    terminal.write(traceText(soundTrace(one), terminal, columns));
  }
}

function chosen(read: readonly ReadTrace[], file: string, number: string | undefined): readonly ReadTrace[] {
  if (read.length === 0) throw new ConfigError('no-trace', `${file} has no trace: make one with run --json.`);
  if (number === undefined) return read;
  const one = /^\d+$/.test(number) ? read[Number(number) - 1] : undefined;
  if (one) return [one];
  throw new ConfigError(
    'bad-number',
    `--number takes a whole number from 1 to ${read.length} for ${file}, not ${JSON.stringify(number)}.`,
  );
}

function single(read: readonly ReadTrace[], file: string): RunResult {
  if (read.length === 1) return soundTrace(read[0]!);
  throw new ConfigError(
    'many-traces',
    `${file} has ${read.length} traces, and a picture shows one: choose it with --number.`,
  );
}

function soundTrace({ trace: one }: ReadTrace): RunResult {
  if (one instanceof ConfigError) throw one;
  return one;
}
