import { Command } from 'commander';
import { checkOptions } from '../../assembly/check-options.ts';
import { fingerprintOf } from '../../assembly/run-fingerprint.ts';
import { runBatch } from '../../batch/run-batch.ts';
import type { Fingerprint } from '../../recording/fingerprint.ts';
import { Interrupt } from '../interrupt.ts';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { decodingOptions, modelOptions, whole } from '../options/shared-options.ts';
import { BatchReport } from '../output/batch-report.ts';
import { announceLate } from '../output/load-progress.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal } from '../output/terminal.ts';
import { FAILURE } from '../report-error.ts';
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
    await batch(input, { ...given, ...(await chosenCriterion(self, config)) }, await fingerprintOf({ ...given }));
  });
}

async function batch(input: string, values: BatchValues, fingerprint: Fingerprint): Promise<void> {
  const terminal = openTerminal();
  const decoding = await decodeOptions(values);
  checkOptions({ ...decoding, prompt: 'any' });
  if (values.debug) await showNativeLog(values);
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const { output, concurrency, limit, shuffleSeed, retryFailed, tokens } = values;
  using watch = new BatchReport(terminal, output);
  const { failed } = await runBatch({
    ...{ input, output, concurrency, limit, shuffleSeed, retryFailed, tokens, decoding, fingerprint, signal, watch },
    models: await modelSettings(values, terminal, signal),
    announce: (text) => announceLate(terminal, text),
    notice: terminal.notice,
  });
  if (failed > 0) process.exitCode = FAILURE;
}
