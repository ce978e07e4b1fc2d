import { Command, Option } from 'commander';
import { checkOptions } from '../../assembly/check-options.ts';
import type { StrategyChoice } from '../../assembly/create-strategy.ts';
import { openReward } from '../../assembly/open-reward.ts';
import { fingerprintOf } from '../../assembly/run-fingerprint.ts';
import { ConfigError } from '../../core/errors.ts';
import { type Dimension, DIMENSIONS } from '../../preferences/preference-pair.ts';
import { synthesisePairs, type SynthOptions, type SynthReport } from '../../preferences/synth/synthesise-pairs.ts';
import { synthSettings, type SynthSettings } from '../../settings/data.ts';
import { synthesise } from '../../studies/synthesise/synthesise.ts';
import { Interrupt } from '../interrupt.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { configuredModules } from '../options/config-module.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';
import { strategiesOption } from '../options/strategies-option.ts';
import { commandOption, settingOption } from '../options/table-options.ts';
import { type BatchProgress, batchProgress } from '../output/batch-progress.ts';
import { evaluationWatch } from '../output/evaluation/evaluation-watch.ts';
import { announceLate, loadProgress } from '../output/load-progress.ts';
import { printable } from '../output/printable.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';
import { type CommandValues, decodeOptions, modelSettings } from './command-values.ts';

interface SynthValues extends SynthSettings, Omit<CommandValues, 'strategy' | 'reward'> {
  readonly strategies?: readonly StrategyChoice[];
  readonly samples: number;
  readonly concurrency: number;
  readonly retryFailed?: boolean;
  readonly output: string;
  readonly dimension: Dimension;
  readonly licence: string;
  readonly reward: string;
  readonly json?: boolean;
}

/** Options of decoding that say who decodes; `--strategies` does here. */
const OTHERWISE = ['--strategy', '--strategy-module'];

export function dataSynthCommand(config: ConfigFile): Command {
  const command = new Command('synth')
    .argument('<prompts>', 'the input of batches: lines {"prompt"} or {"messages"}')
    .argument('[responses...]', 'outputs of batches that answered it, with any strategies, models and seeds')
    .requiredOption('-o, --output <file>', 'where the pairs go, a JSON line each')
    .addOption(
      new Option('--dimension <name>', 'what the reward model measures').choices(DIMENSIONS).makeOptionMandatory(),
    )
    .requiredOption('--licence <text>', 'licence of the pairs, which prompts and models decide')
    .addOption(
      strategiesOption({ words: 'who answers the prompts, in place of recorded responses, each as --strategy of run' }),
    )
    .addOption(commandOption('samples', { words: 'responses of each strategy to each prompt' }))
    .addOption(commandOption('concurrency', { words: 'prompts that are answered at the same time', default: 4 }))
    .option('--json', 'print the report as JSON');
  for (const [name, setting] of Object.entries(synthSettings)) {
    const extras = name === 'source' ? { words: 'name of the data set (default: synth)' } : {};
    command.addOption(settingOption(name, setting, extras));
  }
  command.addOption(commandOption('retryFailed', { words: 'reward what failed in an earlier run again' }));
  for (const option of [...modelOptions(config), ...decodingOptions(config)]) {
    if (OTHERWISE.includes(option.long ?? '')) continue;
    command.addOption(option.long === '--reward' ? option.makeOptionMandatory() : option);
  }
  return command.action(async (input: string, responses: string[], _, self: Command) => {
    const values = self.optsWithGlobals<SynthValues>();
    await run(input, responses, values, { ...values, ...configuredModules(self, config) });
  });
}

/** @param given what responses depend on, as it was given */
async function run(
  input: string,
  responses: readonly string[],
  values: SynthValues,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { strategies, reward, json } = values;
  if ((strategies === undefined) === (responses.length === 0)) {
    throw new ConfigError(
      'no-responses',
      'Either recorded responses are named, or who answers the prompts: give outputs of batches, or --strategies.',
    );
  }
  const terminal = openTerminal();
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  using progress = new RewardProgress(terminal);
  const { output, dimension, licence, margin, source, record, retryFailed } = values;
  const settings = { margin, ...(source !== undefined && { source }), ...(record !== undefined && { record }) };
  const options: Omit<SynthOptions, 'responses'> = {
    ...{ ...settings, input, output, dimension, licence, retryFailed, signal },
    fingerprint: await fingerprintOf({ reward }),
    openReward: () => openReward(reward, { progress: loadProgress(terminal), signal }, { parallel: 4 }),
    onStart: (count) => progress.start(count),
    onReward: (outcome) => progress.advance(outcome),
  };
  const report = strategies
    ? await answerAndPair(options, { ...values, strategies }, given, terminal)
    : await synthesisePairs({ ...options, responses });
  terminal.write(json ? `${JSON.stringify(report)}\n` : printable(summary(report)));
}

async function answerAndPair(
  options: Omit<SynthOptions, 'responses'>,
  values: SynthValues & { readonly strategies: readonly StrategyChoice[] },
  given: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<SynthReport> {
  const { strategies, samples, concurrency } = values;
  const decoding = await decodeOptions({ ...values, strategy: strategies[0]! });
  checkOptions({ ...decoding, prompt: 'any' });
  return await synthesise({
    ...{ ...options, strategies, perPrompt: samples, concurrency, decoding, settings: given },
    models: await modelSettings(values, terminal, options.signal!),
    announce: (text) => announceLate(terminal, text),
    notice: terminal.notice,
    watch: evaluationWatch(terminal),
    onPlan({ prompts, responses }) {
      terminal.notice(`${prompts} prompts: ${responses} responses are written and rewarded, less those that are here.`);
    },
  });
}

function summary({ pairs, prompts, reasons, output }: SynthReport): string {
  const lines = reasons.map(({ reason, count, first }) => `${count} without a pair: ${reason} (${first.join(', ')})\n`);
  return `${lines.join('')}${pairs} pairs of ${prompts} prompts in ${output.file}\n`;
}

/** How many prompts are left, and how long that takes. */
class RewardProgress implements Disposable {
  readonly #terminal: Terminal;
  #progress: BatchProgress | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  start(count: { readonly done: number; readonly failed: number; readonly total: number }): void {
    this.#terminal.notice(`${count.total} prompts, of which ${count.total - count.done} are to be rewarded.`);
    if (count.done < count.total) this.#progress = batchProgress(this.#terminal, count);
  }

  advance(outcome: { readonly hasFailed: boolean }): void {
    this.#progress?.advance(outcome);
  }

  [Symbol.dispose](): void {
    this.#progress?.[Symbol.dispose]();
  }
}
