import { Command } from 'commander';
import { findScorer, SCORED } from '../../benchmarks/score/scorers.ts';
import { ConfigError } from '../../core/errors.ts';
import { Interrupt } from '../interrupt.ts';
import { dataFolderOption, dataSource, type DataFolderValues } from '../options/data-folder-option.ts';
import { scoreTable } from '../output/score-table.ts';
import { openTerminal } from '../output/terminal.ts';

interface ScoreValues extends DataFolderValues {
  readonly json?: boolean;
  readonly glmData?: string;
}

export function scoreCommand(): Command {
  return new Command('score')
    .argument('<benchmark>', `one of ${SCORED.join(', ')}`)
    .argument('<file>', 'JSON lines or a JSON array in the form of the benchmark, packed by gzip or not')
    .option('--json', 'one JSON object instead of a table')
    .option('--glm-data <file>', 'a copy of df_gamed.csv, for the length-controlled win rate of alpacaeval2')
    .addOption(dataFolderOption())
    .action((benchmark: string, file: string, values: ScoreValues) => score(benchmark, file, values));
}

async function score(benchmark: string, file: string, values: ScoreValues): Promise<void> {
  const scorer = findScorer(benchmark);
  if (values.glmData !== undefined && benchmark !== 'alpacaeval2')
    throw new ConfigError('unused-option', `${benchmark} does not use --glm-data: leave it out.`);
  const terminal = openTerminal();
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const { notice } = terminal;
  const data = dataSource(values, terminal, signal);
  const found = await scorer(file, { data, glmData: values.glmData, signal, notice });
  terminal.write(`${values.json ? JSON.stringify(found.result) : scoreTable(benchmark, found)}\n`);
}
