import { Command, Option } from 'commander';
import { openReward } from '../../assembly/open-reward.ts';
import { openPairTokenizer } from '../../assembly/open-pair-tokenizer.ts';
import { BENCHMARKS, findBenchmark } from '../../benchmarks/benchmarks.ts';
import { ConfigError } from '../../core/errors.ts';
import { checkPairs } from '../../preferences/check/check-pairs.ts';
import { dataCheckSettings, type CheckSettings, importSettings, type ImportSettings } from '../../settings/data.ts';
import { assertWritable, writeTextFile } from '../../storage/write-json-file.ts';
import { Interrupt } from '../interrupt.ts';
import { dataFolderOption, dataSource, type DataFolderValues } from '../options/data-folder-option.ts';
import { settingOption } from '../options/table-options.ts';
import { checkPage } from '../output/check-page.ts';
import { checkTable } from '../output/check-table.ts';
import { loadProgress } from '../output/load-progress.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';
import { recordProgress } from '../output/record-progress.ts';

interface CheckValues extends CheckSettings, DataFolderValues, Omit<ImportSettings, 'dropped'> {
  readonly report?: string;
  readonly json?: boolean;
  readonly benchmarks: string;
  readonly tokenizer?: string;
  readonly reward?: string;
}

export function dataCheckCommand(): Command {
  const names = BENCHMARKS.map(({ name }) => name).join(', ');
  const command = new Command('check')
    .argument('<file>', 'pairs as data import writes them, or what it can import')
    .option('--report <file>', 'write the report as an HTML page')
    .option('--json', 'print the report as JSON')
    .addOption(
      new Option('--benchmarks <names>', `whose texts are looked for, apart by commas, or none (of ${names})`).default(
        'all',
      ),
    )
    .addOption(dataFolderOption())
    .option(
      '--tokenizer <path>',
      'tokenizer.json of the model to be trained, or its folder: tells what training would lose',
    );
  command.option(
    '--reward <model>',
    'a reward model that says which labels are doubtful, named as for the command reward',
  );
  for (const [name, setting] of Object.entries(dataCheckSettings)) command.addOption(settingOption(name, setting));
  for (const [name, setting] of Object.entries(importSettings)) {
    if (name !== 'dropped')
      command.addOption(settingOption(name, setting).helpGroup('Options for files in another form:'));
  }
  return command.action((input: string, _, self: Command) => run(input, self.opts<CheckValues>(), self));
}

async function run(input: string, values: CheckValues, self: Command): Promise<void> {
  assertUsed(values, self);
  const { report: page, json, nearDuplicates, maxLength, fix, removed } = values;
  const { form, dimension, source, licence, encoding, lines } = values;
  const terminal = openTerminal();
  if (page !== undefined) await assertWritable(page, '--report');
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const list = chosenBenchmarks(values.benchmarks);
  const reward = await openedReward(values.reward, terminal, signal);
  try {
    const report = await checkPairs({
      ...{ input, nearDuplicates, maxLength, fix, removed, signal },
      imported: { form, dimension, source, licence, encoding, lines },
      benchmarks: list.length === 0 ? undefined : { list, source: dataSource(values, terminal, signal) },
      tokenizer: values.tokenizer === undefined ? undefined : await openPairTokenizer(values.tokenizer),
      reward,
      onProgress: recordProgress(terminal, 'pairs read'),
    });
    if (page !== undefined) await writeTextFile(page, checkPage(report), '--report');
    terminal.write(json ? `${JSON.stringify(report)}\n` : `${checkTable(report)}\n`);
  } finally {
    await reward?.close();
  }
}

async function openedReward(reference: string | undefined, terminal: Terminal, signal: AbortSignal) {
  if (reference === undefined) return undefined;
  return await openReward(reference, { progress: loadProgress(terminal), signal }, { parallel: 2 });
}

function chosenBenchmarks(names: string) {
  if (names === 'all') return BENCHMARKS;
  return names === 'none' ? [] : names.split(',').map((name) => findBenchmark(name.trim()));
}

/** @throws ConfigError for an option that says something of another one that is not there */
function assertUsed({ fix, removed, tokenizer }: CheckValues, self: Command): void {
  if (removed !== undefined && fix === undefined)
    throw new ConfigError('unused-option', '--removed goes with --fix: give that too, or leave it out.');
  if (self.getOptionValueSource('maxLength') === 'cli' && tokenizer === undefined)
    throw new ConfigError('unused-option', '--max-length goes with --tokenizer: give that too, or leave it out.');
}
