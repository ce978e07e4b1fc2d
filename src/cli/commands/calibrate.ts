import { Command, Option } from 'commander';
import { calibrate } from '../../studies/calibrate/calibrate.ts';
import { defaultCandidates, givenCandidates } from '../../studies/calibrate/candidates.ts';
import type { DraftRecord } from '../../studies/calibrate/draft-record.ts';
import { readPrompts } from '../../studies/calibrate/read-prompts.ts';
import { checkAim, recommend, recommendationText } from '../../studies/calibrate/recommend.ts';
import { recordedSettings } from '../../settings/decoding.ts';
import { Interrupt } from '../interrupt.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { modelOptions } from '../options/shared-options.ts';
import { tableOptions } from '../options/table-options.ts';
import { wrongArgument } from '../options/wrong-argument.ts';
import { calibrationPlot } from '../output/calibration-plot.ts';
import { calibrationTable } from '../output/calibration-table.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';
import { assertWritable, writeJsonFile, writeTextFile } from '../../storage/write-json-file.ts';
import { readTextFile } from '../read-input.ts';
import { type CommandValues, modelSettings, toOptions } from './command-values.ts';

interface CalibrateValues extends Omit<CommandValues, 'criterion'> {
  readonly prompts: string;
  readonly limit?: number;
  readonly record?: string;
  readonly criterion?: readonly string[];
  readonly responseTokens: number;
  readonly targetShare?: number;
  readonly targetTokens?: number;
  readonly maxTime?: number;
  readonly json?: string;
  readonly plot?: string;
  readonly debug?: boolean;
}

export function calibrateCommand(config: ConfigFile): Command {
  const command = new Command('calibrate')
    .requiredOption('--prompts <file>', 'a prompt a line, or JSON lines with "prompt"')
    .addOption(positive('--limit <n>', 'use the first prompts only'))
    .option('--record <file>', 'where drafts are kept; a later run goes on there (default: PROMPTS.record.jsonl)')
    .option('--criterion <text>', 'a criterion to try in place of the usual ones; may be given several times', collect)
    .addOption(positive('--response-tokens <n>', 'length that a response is assumed to have').default(256))
    .addOption(positive('--target-share <number>', 'recommend what drafts this share', 1))
    .addOption(positive('--target-tokens <n>', 'recommend what keeps as many draft tokens in the median'))
    .addOption(positive('--max-time <number>', 'recommend what takes at most this, over the base alone'))
    .option('--json <file>', 'write all figures as JSON')
    .option('--plot <file>', 'write an SVG picture');
  for (const option of [...modelOptions(config), ...tableOptions(recordedSettings, config, {})])
    command.addOption(option);
  return command.action((_, self: Command) => run(self.optsWithGlobals<CalibrateValues>()));
}

async function run(values: CalibrateValues): Promise<void> {
  const terminal = openTerminal();
  const candidates = values.criterion ? givenCandidates(values.criterion) : defaultCandidates();
  const { responseTokens, targetShare, targetTokens, maxTime } = values;
  const aim = { targetShare, targetTokens, maxTime };
  checkAim(aim);
  const prompts = readPrompts(await readTextFile(values.prompts, '--prompts'), values.prompts).slice(0, values.limit);
  if (values.json !== undefined) await assertWritable(values.json, '--json');
  if (values.plot !== undefined) await assertWritable(values.plot, '--plot');
  if (values.debug) await showNativeLog(values);

  const records = await recorded(prompts, values, terminal);
  const calibration = calibrate(records, candidates, { responseTokens });
  const recommendation = recommend(calibration, aim);
  terminal.write(`${calibrationTable(calibration)}\n`);
  if (recommendation) terminal.write(`\n${recommendationText(recommendation)}\n`);
  if (values.json !== undefined) {
    const { base, draft } = values;
    await writeJsonFile(values.json, { base, draft, aim, recommendation, ...calibration }, '--json');
  }
  if (values.plot !== undefined) await writeTextFile(values.plot, calibrationPlot(calibration), '--plot');
}

async function recorded(
  prompts: readonly string[],
  values: CalibrateValues,
  terminal: Terminal,
): Promise<DraftRecord[]> {
  using interrupt = new Interrupt();
  const path = values.record ?? `${values.prompts}.record.jsonl`;
  await assertWritable(path, '--record');
  const { recordPrompts } = await import('../../studies/calibrate/record-prompts.ts');
  return await recordPrompts(prompts, {
    path,
    models: await modelSettings(values, terminal, interrupt.signal),
    decoding: { ...(await toOptions(recordedSettings, { ...values })), signal: interrupt.signal },
    notice: terminal.notice,
  });
}

function positive(flags: string, description: string, most = Infinity): Option {
  const isCount = flags.endsWith('<n>');
  const words = isCount ? 'a whole number of at least 1' : `a number above 0${most === 1 ? ' and at most 1' : ''}`;
  return new Option(flags, description).argParser((text): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value > 0 && value <= most && value < Infinity && (!isCount || Number.isInteger(value))) return value;
    throw wrongArgument(flags, words, text);
  });
}

function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}
