import type { StrategyChoice } from '../../assembly/create-strategy.ts';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { BENCHMARKS } from '../../benchmarks/benchmarks.ts';
import { loadBenchmarkModule } from '../../studies/evaluate/tasks/load-benchmark-module.ts';
import { evaluate } from '../../studies/evaluate/evaluate.ts';
import { REPORT } from '../../studies/evaluate/evaluation-places.ts';
import type { EvaluationReport, StrategyReport } from '../../studies/evaluate/evaluation-report.ts';
import type { ChatJudge } from '../../studies/evaluate/grades/judged-by.ts';
import { evaluationWatch } from '../output/evaluation/evaluation-watch.ts';
import { checkOptions } from '../../assembly/check-options.ts';
import { serverKey } from '../../engines/http/server-key.ts';
import { parseJudgeReference } from '../../judges/parse-judge-reference.ts';
import { Interrupt } from '../interrupt.ts';
import { dataFolderOption, dataSource, type DataFolderValues } from '../options/data-folder-option.ts';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import { comparedModule } from '../options/compared-module.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { configuredModules } from '../options/config-module.ts';
import { judgeSetting } from '../../settings/model.ts';
import { flagOf, variableOf } from '../../settings/names.ts';
import { commandOption, settingOption } from '../options/table-options.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';
import { comparedStrategiesOption } from '../options/strategies-option.ts';
import { evaluationPlot } from '../output/evaluation/evaluation-plot.ts';
import { evaluationTable } from '../output/evaluation/evaluation-table.ts';
import { REPORT_PAGE, writeReportPages } from '../output/evaluation/write-report-pages.ts';
import { announceLate } from '../output/load-progress.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal } from '../output/terminal.ts';
import { assertWritable, writeTextFile } from '../../storage/write-json-file.ts';
import { FAILURE } from '../report-error.ts';
import { type CommandValues, decodeOptions, modelSettings } from './command-values.ts';

interface EvaluationValues extends Omit<CommandValues, 'strategy'>, DataFolderValues {
  readonly output: string;
  readonly strategies: readonly StrategyChoice[];
  readonly judge?: string;
  readonly concurrency: number;
  readonly limit?: number;
  readonly skip: number;
  readonly retryFailed?: boolean;
  readonly tokens?: boolean;
  readonly plot?: string;
  readonly chatJudge?: string;
  readonly judgeRepeats?: number;
  readonly yes?: boolean;
  readonly samples?: number;
  readonly gradeOnly?: boolean;
  readonly benchmarkModule?: string;
  readonly debug?: boolean;
}

export function evaluateCommand(config: ConfigFile): Command {
  const command = new Command('evaluate')
    .argument(
      '[what...]',
      `files of lines as batch takes them, or benchmarks: ${BENCHMARKS.map(({ name }) => name).join(', ')}`,
    )
    .requiredOption('-o, --output <folder>', 'where responses, grades and report.json go')
    .addOption(commandOption('limit'))
    .addOption(commandOption('skip'))
    .addOption(
      commandOption('concurrency', {
        words: 'lines that are answered at the same time; slows each of them',
        default: 1,
      }),
    )
    .addOption(commandOption('chatJudge'))
    .addOption(commandOption('judgeRepeats'))
    .addOption(commandOption('yes'))
    .addOption(commandOption('samples'))
    .addOption(commandOption('gradeOnly'))
    .addOption(commandOption('retryFailed', { words: 'answer and grade lines anew that failed in an earlier run' }))
    .addOption(commandOption('benchmarkModule'))
    .addOption(dataFolderOption())
    .option('--tokens', 'write every token with its source and confidence, as run --json does')
    .option('--plot <file>', 'write an SVG picture: rewards, or else drafted shares, over times');
  const own = [comparedStrategiesOption(), settingOption('judge', judgeSetting)];
  const shared = [...modelOptions(config), ...decodingOptions(config).filter((option) => option.name() !== 'strategy')];
  for (const option of own) option.helpGroup(judgeSetting.group).env(variableOf(option.attributeName()));
  for (const option of [...own, ...shared]) command.addOption(option);
  return command.action(async (what: string[], _, self: Command) => {
    const given = self.optsWithGlobals<EvaluationValues>();
    const strategies = [...given.strategies, ...(await comparedModule(self, config))];
    const values = { ...given, strategies, ...(await chosenCriterion(self, config)) };
    await run(what, values, { ...given, ...configuredModules(self, config) });
  });
}

/** @param given the options before the criterion's module was run */
async function run(
  what: readonly string[],
  values: EvaluationValues,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const terminal = openTerminal();
  const { output, strategies, plot, judge, concurrency, limit, skip, samples, retryFailed, gradeOnly, tokens } = values;
  const own = values.benchmarkModule === undefined ? [] : [await loadBenchmarkModule(values.benchmarkModule)];
  const decoding = await decodeOptions({ ...values, strategy: strategies[0]! });
  checkOptions({ ...decoding, prompt: 'any' });
  if (plot !== undefined) await assertWritable(plot, '--plot');
  if (values.debug) await showNativeLog(values);
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const report = await evaluate({
    ...{
      what: [...what, ...own],
      output,
      strategies,
      decoding,
      concurrency,
      limit,
      skip,
      samples,
      retryFailed,
      gradeOnly,
      tokens,
      signal,
      spelling: flagOf,
    },
    data: dataSource(values, terminal, signal),
    ...(values.chatJudge !== undefined && { chatJudge: await chatJudge(values.chatJudge, values) }),
    models: { ...(await modelSettings(values, terminal, signal)), judge },
    settings: given,
    announce: (text) => announceLate(terminal, text),
    notice: terminal.notice,
    watch: evaluationWatch(terminal),
  });
  if (plot !== undefined) await writeTextFile(plot, evaluationPlot(report), '--plot');
  terminal.write(`${evaluationTable(report)}\n`);
  await writeReportPages(output, report);
  terminal.notice(`${join(output, REPORT_PAGE)} shows them with samples; ${REPORT} has every figure.`);
  if (isIncomplete(report)) process.exitCode = FAILURE;
}

const JUDGE_KEY = 'WELLBEGUN_CHAT_JUDGE_KEY';

async function chatJudge(reference: string, { judgeRepeats, yes }: EvaluationValues): Promise<ChatJudge> {
  parseJudgeReference(reference);
  const isAsked = yes !== true && process.stdin.isTTY && process.stderr.isTTY;
  return {
    ...{ reference, key: await serverKey(JUDGE_KEY), keyVariable: JUDGE_KEY, repeats: judgeRepeats },
    ...(isAsked && { confirm: confirmed }),
  };
}

async function confirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question('Ask it? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

function isIncomplete({ reward: model, tasks }: EvaluationReport): boolean {
  const unrewarded = ({ answered, reward }: StrategyReport) =>
    model === null ? 0 : answered - (reward?.rewarded ?? 0);
  return tasks.some(({ strategies }) =>
    strategies.some((strategy) => strategy.failed + unrewarded(strategy) > 0 || strategy.unusable !== undefined),
  );
}
