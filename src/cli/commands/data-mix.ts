import { Command } from 'commander';
import { mixPairs } from '../../preferences/mix/mix-pairs.ts';
import type { MixManifest } from '../../preferences/mix/manifest.ts';
import { parseShares } from '../../preferences/mix/shares.ts';
import { DIMENSIONS } from '../../preferences/preference-pair.ts';
import { mixSettings } from '../../settings/data.ts';
import type { Written } from '../../settings/written.ts';
import { Interrupt } from '../interrupt.ts';
import { settingOption } from '../options/table-options.ts';
import { alignColumns } from '../output/align-columns.ts';
import { printable } from '../output/printable.ts';
import { recordProgress } from '../output/record-progress.ts';
import { openTerminal } from '../output/terminal.ts';

interface MixValues extends Written<typeof mixSettings> {
  readonly output: string;
  readonly json?: boolean;
}

export function dataMixCommand(): Command {
  const command = new Command('mix')
    .argument('<files...>', 'pairs as data import and check write them')
    .requiredOption('-o, --output <folder>', 'a new folder: gets a file for each split, and manifest.json')
    .option('--json', 'print the manifest');
  for (const [name, setting] of Object.entries(mixSettings)) {
    const extras = name === 'seed' ? { words: 'decides the order, the splits and what is taken', default: 0 } : {};
    command.addOption(settingOption(name, setting, extras).helpGroup('Options:'));
  }
  return command.action((inputs: string[], values: MixValues) => run(inputs, values));
}

async function run(inputs: readonly string[], { output, json, shares, splits, seed, pairs }: MixValues): Promise<void> {
  const terminal = openTerminal();
  using interrupt = new Interrupt();
  const manifest = await mixPairs({
    ...{ inputs, output, seed, pairs, signal: interrupt.signal },
    shares: shares === undefined ? undefined : parseShares('shares', shares, DIMENSIONS),
    splits: parseShares('splits', splits),
    onProgress: recordProgress(terminal, 'pairs read'),
  });
  terminal.write(json ? `${JSON.stringify(manifest)}\n` : `${mixTable(manifest)}\n`);
}

function mixTable({ files, inputs }: MixManifest): string {
  const rows = files.map(({ file, pairs, dimensions }) => [
    file,
    ...[pairs, ...DIMENSIONS.map((name) => dimensions[name])].map(String),
  ]);
  const read = inputs.reduce((sum, { pairs }) => sum + pairs, 0);
  return printable(
    `${alignColumns([['', 'pairs', ...DIMENSIONS], ...rows])}\nof ${read} pairs in ${inputs.map(({ file }) => file).join(', ')}`,
  );
}
