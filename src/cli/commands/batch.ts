import { Command } from 'commander';
import { checkOptions } from '../../assembly/check-options.ts';
import { fingerprintOf } from '../../assembly/run-fingerprint.ts';
import type { Fingerprint } from '../../recording/fingerprint.ts';
import { flagOf } from '../../settings/names.ts';
import { Interrupt } from '../interrupt.ts';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import { chosenStrategy } from '../options/chosen-strategy.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { configuredModules } from '../options/config-module.ts';
import { commandOption } from '../options/table-options.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';
import { BatchReport } from '../output/batch-report.ts';
import { announceLate } from '../output/load-progress.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal } from '../output/terminal.ts';
import { FAILURE } from '../report-error.ts';
import { type CommandValues, decodeOptions, modelSettings } from './command-values.ts';

interface BatchValues extends CommandValues {
  readonly output: string;
  readonly concurrency: number;
  readonly limit?: number;
  readonly skip: number;
  readonly shuffleSeed?: number;
  readonly retryFailed?: boolean;
  readonly tokens?: boolean;
  readonly debug?: boolean;
}

export function batchCommand(config: ConfigFile): Command {
  const command = new Command('batch')
    .argument('<input>', 'lines {"prompt"}, {"messages"}, {"context"}, or those of OpenAI\'s batches')
    .requiredOption('-o, --output <file>', 'where results go, a line each, as they finish')
    .addOption(commandOption('concurrency', { default: 4 }))
    .addOption(commandOption('limit'))
    .addOption(commandOption('skip'))
    .addOption(commandOption('shuffleSeed'))
    .addOption(commandOption('retryFailed'))
    .option('--tokens', 'write every token with its source and confidence, as run --json does');
  for (const option of [...modelOptions(config), ...decodingOptions(config)]) command.addOption(option);
  return command.action(async (input: string, _, self: Command) => {
    const given = self.optsWithGlobals<BatchValues>();
    await batch(
      input,
      { ...given, ...(await chosenStrategy(self, config)), ...(await chosenCriterion(self, config)) },
      await fingerprintOf({ ...given, ...configuredModules(self, config) }),
    );
  });
}

async function batch(input: string, values: BatchValues, fingerprint: Fingerprint): Promise<void> {
  const terminal = openTerminal();
  const decoding = await decodeOptions(values);
  checkOptions({ ...decoding, prompt: 'any' });
  if (values.debug) await showNativeLog(values);
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const { output, concurrency, limit, skip, shuffleSeed, retryFailed, tokens } = values;
  const { runBatch } = await import('../../batch/run-batch.ts');
  using watch = new BatchReport(terminal, output);
  const { failed } = await runBatch({
    ...{ input, output, concurrency, limit, skip, shuffleSeed, retryFailed, tokens },
    ...{ decoding, fingerprint, signal, watch },
    spelling: flagOf,
    models: await modelSettings(values, terminal, signal),
    announce: (text) => announceLate(terminal, text),
    notice: terminal.notice,
  });
  if (failed > 0) process.exitCode = FAILURE;
}
