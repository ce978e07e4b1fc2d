import { join } from 'node:path';
import { Command } from 'commander';
import type { EvaluationReport } from '../../studies/evaluate/evaluation-report.ts';
import { checkOptions } from '../../assembly/check-options.ts';
import { Interrupt } from '../interrupt.ts';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import { comparedModule } from '../options/compared-module.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { judgeSetting } from '../../settings/model.ts';
import { variableOf } from '../../settings/names.ts';
import { commandOption, settingOption } from '../options/table-options.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';
import { strategiesOption } from '../options/strategies-option.ts';
import { evaluationPlot } from '../output/evaluation-plot.ts';
import { evaluationTable } from '../output/evaluation-table.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal } from '../output/terminal.ts';
import { assertWritable, writeJsonFile, writeTextFile } from '../output/write-json-file.ts';
import { FAILURE } from '../report-error.ts';
import { answerAndJudge } from './answer-and-judge.ts';
import { scanBatchInput, withUnchangedInput } from './batch-input.ts';
import { assertInput, lockOutput } from './batch-places.ts';
import { createEvaluation, type EvaluationValues } from './evaluation.ts';
import { evaluationFolder, REPORT } from './evaluation-places.ts';
import { decodeOptions } from './command-values.ts';
import { reportEvaluation } from './report-evaluation.ts';

export function evaluateCommand(config: ConfigFile): Command {
  const command = new Command('evaluate')
    .argument('<input>', 'lines as batch takes them')
    .requiredOption('-o, --output <folder>', 'where responses, rewards and report.json go')
    .addOption(commandOption('limit'))
    .addOption(
      commandOption('concurrency', {
        words: 'lines that are answered at the same time; slows each of them',
        default: 1,
      }),
    )
    .addOption(commandOption('retryFailed', { words: 'answer and judge lines anew that failed in an earlier run' }))
    .option('--plot <file>', 'write an SVG picture: rewards, or else drafted shares, over times');
  const own = [strategiesOption(), settingOption('judge', judgeSetting)];
  const shared = [...modelOptions(config), ...decodingOptions(config).filter((option) => option.name() !== 'strategy')];
  for (const option of own) option.helpGroup(judgeSetting.group).env(variableOf(option.attributeName()));
  for (const option of [...own, ...shared]) command.addOption(option);
  return command.action(async (input: string, _, self: Command) => {
    const given = self.optsWithGlobals<EvaluationValues>();
    const strategies = [...given.strategies, ...(await comparedModule(self, config))];
    await evaluate(input, { ...given, strategies, ...(await chosenCriterion(self, config)) }, { ...given });
  });
}

/** @param given the options before the criterion's module was run */
async function evaluate(
  input: string,
  values: EvaluationValues,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const terminal = openTerminal();
  const decoding = await decodeOptions({ ...values, strategy: values.strategies[0]! });
  checkOptions({ ...decoding, prompt: 'any' });
  await assertInput(input);
  const { output } = values;
  await using place = await evaluationFolder(output);
  const folder = place.path;
  if (values.plot !== undefined) await assertWritable(values.plot, '--plot');
  if (values.debug) await showNativeLog(values);
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const unlock = await lockOutput(join(folder, REPORT));
  try {
    await withUnchangedInput(input, output, async () => {
      const scan = await scanBatchInput(input, { indexed: true, terminal, signal });
      const evaluation = await createEvaluation({ input, folder, scan, values, given, decoding, terminal, signal });
      await answerAndJudge(evaluation);
      const report = await reportEvaluation(evaluation);
      await writeJsonFile(join(folder, REPORT), report, '--output');
      if (values.plot !== undefined) await writeTextFile(values.plot, evaluationPlot(report), '--plot');
      terminal.write(`${evaluationTable(report)}\n`);
      terminal.notice(`${join(output, REPORT)} has these figures and more.`);
      if (isIncomplete(report)) process.exitCode = FAILURE;
    });
  } finally {
    await unlock();
  }
}

function isIncomplete({ judge, strategies }: EvaluationReport): boolean {
  const unjudged = ({ answered, reward }: EvaluationReport['strategies'][number]) =>
    judge === null ? 0 : answered - (reward?.judged ?? 0);
  return strategies.some((strategy) => strategy.failed + unjudged(strategy) > 0);
}
