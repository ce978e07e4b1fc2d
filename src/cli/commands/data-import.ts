import { Command } from 'commander';
import { FORMS } from '../../preferences/forms/forms.ts';
import { importPairs } from '../../preferences/import/import-pairs.ts';
import { importSettings, type ImportSettings } from '../../settings/data.ts';
import { Interrupt } from '../interrupt.ts';
import { settingOption } from '../options/table-options.ts';
import { importTable } from '../output/import-table.ts';
import { openTerminal } from '../output/terminal.ts';
import { recordProgress } from '../output/record-progress.ts';

interface ImportValues extends ImportSettings {
  readonly output: string;
  readonly json?: boolean;
}

export function dataImportCommand(): Command {
  const command = new Command('import')
    .argument('<files...>', 'JSON lines, a JSON array, CSV or Parquet; packed by gzip or not')
    .requiredOption('-o, --output <file>', 'where the pairs go, a JSON line each')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', () => `\nForms:\n${formList()}`);
  for (const [name, setting] of Object.entries(importSettings)) command.addOption(settingOption(name, setting));
  return command.action((inputs: string[], values: ImportValues) => run(inputs, values));
}

async function run(inputs: readonly string[], { json, ...values }: ImportValues): Promise<void> {
  const terminal = openTerminal();
  using interrupt = new Interrupt();
  const onProgress = recordProgress(terminal, 'records read');
  const report = await importPairs({ ...values, inputs, onProgress, signal: interrupt.signal });
  terminal.write(json ? `${JSON.stringify(report)}\n` : `${importTable(report)}\n`);
}

function formList(): string {
  return Object.entries(FORMS)
    .map(([name, { summary }]) => `  ${name}: ${summary}`)
    .join('\n');
}
