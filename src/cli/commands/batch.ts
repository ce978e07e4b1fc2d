import { stat } from 'node:fs/promises';
import { Command } from 'commander';
import type { Answer } from '../../batch/batch-request.ts';
import type { BatchSettings } from '../../batch/batch-state.ts';
import { type BatchSource, earlierOutput, linesDone, openOutput } from '../../batch/open-output.ts';
import type { OutputFile } from '../../batch/output-file.ts';
import { type BatchResult, runBatch } from '../../batch/run-batch.ts';
import { scanInput } from '../../batch/scan-input.ts';
import { needsIndex, type Selection, selectLines } from '../../batch/select-lines.ts';
import { ConfigError, WellbegunError } from '../../core/errors.ts';
import type { DecodeTrace } from '../../core/decode-trace.ts';
import { checkOptions } from '../../runtime/check-options.ts';
import { modelsNeeded, textsAtOnce } from '../../runtime/create-strategy.ts';
import { decode } from '../../runtime/decode.ts';
import type { DecodeOptions } from '../../runtime/decode-options.ts';
import { loadModels, type Models } from '../../runtime/load-pair.ts';
import { toRunResult } from '../../runtime/run-result.ts';
import { Interrupt } from '../interrupt.ts';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { decodingOptions, modelOptions, whole } from '../options/shared-options.ts';
import { BatchReport } from '../output/batch-report.ts';
import { announceLate } from '../output/load-progress.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';
import { FAILURE } from '../report-error.ts';
import { assertInput, lockOutput, outputPath } from './batch-places.ts';
import { batchSettings } from './batch-settings.ts';
import { type CommandValues, modelSettings } from './command-values.ts';
import { decodeOptions } from './run.ts';

interface BatchValues extends CommandValues {
  readonly output: string;
  readonly concurrency: number;
  readonly limit?: number;
  readonly shuffleSeed?: number;
  readonly retryFailed?: boolean;
  readonly tokens?: boolean;
  readonly debug?: boolean;
}

export function batchCommand(config: ConfigFile): Command {
  const command = new Command('batch')
    .description('answer every line of a JSONL file; started again, it goes on where it was')
    .argument('<input>', 'lines {"prompt"}, {"messages"}, {"context"}, or those of OpenAI\'s batches')
    .requiredOption('-o, --output <file>', 'where results go, a line each, as they finish')
    .addOption(whole('--concurrency <n>', 'lines that are answered at the same time', 1).default(4))
    .addOption(whole('--limit <n>', 'answer the first lines only', 1))
    .addOption(whole('--shuffle-seed <n>', 'answer them in an order that this number decides', 0))
    .option('--retry-failed', 'answer lines anew that failed in an earlier run')
    .option('--tokens', 'write every token with its source and confidence, as run --json does');
  for (const option of [...modelOptions(config), ...decodingOptions(config)]) command.addOption(option);
  return command.action(async (input: string, _, self: Command) => {
    const given = self.optsWithGlobals<BatchValues>();
    await batch(input, { ...given, ...(await chosenCriterion(self, config)) }, await batchSettings({ ...given }));
  });
}

async function batch(input: string, values: BatchValues, settings: BatchSettings): Promise<void> {
  const terminal = openTerminal();
  const decoding = await decodeOptions(values);
  checkOptions({ ...decoding, prompt: 'any' });
  await assertInput(input);
  const path = await outputPath(values.output, input);
  if (values.debug) await showNativeLog(values);
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const unlock = await lockOutput(path);
  try {
    const stamp = await stampOf(input);
    const scan = await scanned(input, values, terminal, signal);
    const withoutFailures = values.retryFailed ?? false;
    await answerMissing({ input, path, scan, settings, withoutFailures, values, decoding, terminal, signal });
    if ((await stampOf(input)) !== stamp) throw changedInput(input, values.output);
  } finally {
    await unlock();
  }
}

interface Job extends BatchSource {
  /** The output behind links. */
  readonly path: string;
  readonly withoutFailures: boolean;
  readonly values: BatchValues;
  readonly decoding: DecodeOptions;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Answers what no earlier run did. The models are loaded only if something is missing. */
async function answerMissing(job: Job): Promise<void> {
  const { input, path, scan, values, terminal, signal } = job;
  const earlier = await earlierOutput(path, job);
  const { done, failed } = linesDone(earlier, job);
  const selection = selectLines(input, scan, done, values);
  if (selection.done === selection.total) {
    conclude(new BatchReport(terminal, values.output, { ...selection, failed }));
    return;
  }
  const settings = { ...(await modelSettings(values, terminal, signal)), parallel: values.concurrency };
  const needed = modelsNeeded(values.strategy, settings);
  const models = await loadModels(settings, needed, { textsAtOnce: textsAtOnce(values.strategy) });
  try {
    const output = await openOutput(path, earlier, job);
    using report = new BatchReport(terminal, values.output, { ...selection, failed });
    await answerLines(selection, output, models, report, job).finally(() => output.close());
    conclude(report);
  } finally {
    await models.close();
  }
}

async function answerLines(
  { lines }: Selection,
  output: OutputFile,
  models: Models,
  report: BatchReport,
  { values, decoding, signal }: Job,
): Promise<void> {
  const { concurrency } = values;
  const toRecord = (trace: DecodeTrace) => ({ ...toRunResult(trace), ...(!values.tokens && { tokens: undefined }) });
  const onResult = (result: BatchResult) => report.add(result);
  try {
    await runBatch({ lines, answer: answerWith(models, decoding), toRecord, output, concurrency, signal, onResult });
  } catch (error) {
    report.stopped();
    throw error;
  }
}

/** What a line leaves open is the command line's. */
function answerWith(models: Models, options: DecodeOptions): Answer {
  return async ({ sampling, ...request }, signal) => {
    const events = decode(models, { ...options, ...sampling, ...request, signal });
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
    }
  };
}

function conclude(report: BatchReport): void {
  if (report.finished() > 0) process.exitCode = FAILURE;
}

async function scanned(input: string, values: BatchValues, terminal: Terminal, signal: AbortSignal) {
  const announced = announceLate(terminal, `Counting the lines of ${input} …`);
  const scan = await scanInput(input, { indexed: needsIndex(values), signal }).finally(announced);
  if (scan.requests > 0) return scan;
  throw new ConfigError('no-requests', `The input ${input} has no lines: give it one like {"prompt": "Hello"}.`);
}

async function stampOf(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${size} ${mtimeMs}`;
}

function changedInput(input: string, output: string): WellbegunError {
  return new WellbegunError(
    'input-changed',
    `${input} was changed while it was read, so ${output} mixes results of both: restore the input, or remove ${output} to begin anew.`,
  );
}
