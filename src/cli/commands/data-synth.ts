import { Command, Option } from 'commander';
import { openReward } from '../../assembly/open-reward.ts';
import { fingerprintOf } from '../../assembly/run-fingerprint.ts';
import { synthesisePairs, type SynthReport } from '../../preferences/synth/synthesise-pairs.ts';
import { type Dimension, DIMENSIONS } from '../../preferences/preference-pair.ts';
import { synthSettings, type SynthSettings } from '../../settings/data.ts';
import { Interrupt } from '../interrupt.ts';
import { commandOption, settingOption } from '../options/table-options.ts';
import { type BatchProgress, batchProgress } from '../output/batch-progress.ts';
import { loadProgress } from '../output/load-progress.ts';
import { printable } from '../output/printable.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';

interface SynthValues extends SynthSettings {
  readonly retryFailed?: boolean;
  readonly output: string;
  readonly dimension: Dimension;
  readonly licence: string;
  readonly reward: string;
  readonly json?: boolean;
}

export function dataSynthCommand(): Command {
  const command = new Command('synth')
    .argument('<prompts>', 'the input of batches: lines {"prompt"} or {"messages"}')
    .argument('<responses...>', 'the outputs of batches that answered it, with any strategies, models and seeds')
    .requiredOption('-o, --output <file>', 'where the pairs go, a JSON line each')
    .addOption(
      new Option('--dimension <name>', 'what the reward model measures').choices(DIMENSIONS).makeOptionMandatory(),
    )
    .requiredOption('--licence <text>', 'licence of the pairs, which prompts and models decide')
    .addOption(
      new Option('--reward <model>', 'who rewards the responses, named as for the command reward')
        .env('WELLBEGUN_REWARD')
        .makeOptionMandatory(),
    )
    .option('--json', 'print the report as JSON');
  for (const [name, setting] of Object.entries(synthSettings)) {
    const extras = name === 'source' ? { words: 'name of the data set (default: synth)' } : {};
    command.addOption(settingOption(name, setting, extras));
  }
  command.addOption(commandOption('retryFailed', { words: 'reward what failed in an earlier run again' }));
  return command.action((input: string, responses: string[], values: SynthValues) => run(input, responses, values));
}

async function run(input: string, responses: readonly string[], { json, ...values }: SynthValues): Promise<void> {
  const terminal = openTerminal();
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const fingerprint = await fingerprintOf({ reward: values.reward });
  using progress = new RewardProgress(terminal);
  const { reward, ...settings } = values;
  const report = await synthesisePairs({
    ...{ ...settings, input, responses, fingerprint, signal },
    openReward: () => openReward(reward, { progress: loadProgress(terminal), signal }, { parallel: 4 }),
    onStart: (count) => progress.start(count),
    onReward: (outcome) => progress.advance(outcome),
  });
  terminal.write(json ? `${JSON.stringify(report)}\n` : printable(summary(report)));
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
