import { Command } from 'commander';
import type { BatchSettings } from '../../batch/batch-state.ts';
import { needsIndex } from '../../batch/select-lines.ts';
import { checkOptions } from '../../assembly/check-options.ts';
import { modelsNeeded, textsAtOnce } from '../../assembly/create-strategy.ts';
import { loadModels } from '../../assembly/load-pair.ts';
import { Interrupt } from '../interrupt.ts';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import { chosenStrategy } from '../options/chosen-strategy.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { commandOption } from '../options/table-options.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal } from '../output/terminal.ts';
import { FAILURE } from '../report-error.ts';
import { scanBatchInput, withUnchangedInput } from './batch-input.ts';
import { answerPlan, type BatchJob, type BatchPlan, isComplete, planBatch, tellComplete } from './batch-job.ts';
import { assertInput, lockOutput, outputPath } from './batch-places.ts';
import { batchSettings } from './batch-settings.ts';
import { type CommandValues, decodeOptions, modelSettings } from './command-values.ts';

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
    .addOption(commandOption('concurrency', { default: 4 }))
    .addOption(commandOption('limit'))
    .addOption(commandOption('shuffleSeed'))
    .addOption(commandOption('retryFailed'))
    .option('--tokens', 'write every token with its source and confidence, as run --json does');
  for (const option of [...modelOptions(config), ...decodingOptions(config)]) command.addOption(option);
  return command.action(async (input: string, _, self: Command) => {
    const given = self.optsWithGlobals<BatchValues>();
    await batch(
      input,
      { ...given, ...(await chosenStrategy(self, config)), ...(await chosenCriterion(self, config)) },
      await batchSettings({ ...given }),
    );
  });
}

async function batch(input: string, values: BatchValues, settings: BatchSettings): Promise<void> {
  const terminal = openTerminal();
  const decoding = await decodeOptions(values);
  checkOptions({ ...decoding, prompt: 'any' });
  await assertInput(input);
  const { output, concurrency, tokens } = values;
  const path = await outputPath(output, input);
  if (values.debug) await showNativeLog(values);
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const unlock = await lockOutput(path);
  try {
    await withUnchangedInput(input, output, async () => {
      const scan = await scanBatchInput(input, { indexed: needsIndex(values), terminal, signal });
      const source = { input, scan, settings, select: values, withoutFailures: values.retryFailed ?? false };
      await answerMissing({ ...source, output, path, concurrency, tokens, decoding, terminal, signal }, values);
    });
  } finally {
    await unlock();
  }
}

/** Answers what no earlier run did. The models are loaded only if something is missing. */
async function answerMissing(job: BatchJob, values: BatchValues): Promise<void> {
  const plan = await planBatch(job);
  const failed = isComplete(plan) ? tellComplete(plan, job) : await answerWithModels(plan, job, values);
  if (failed > 0) process.exitCode = FAILURE;
}

async function answerWithModels(plan: BatchPlan, job: BatchJob, values: BatchValues): Promise<number> {
  const { terminal, signal, concurrency } = job;
  const settings = { ...(await modelSettings(values, terminal, signal)), parallel: concurrency };
  const needed = modelsNeeded(values.strategy, settings);
  const models = await loadModels(settings, needed, { textsAtOnce: textsAtOnce(values.strategy) });
  try {
    return await answerPlan(plan, models, job);
  } finally {
    await models.close();
  }
}
