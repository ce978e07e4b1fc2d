import { Command } from 'commander';
import { describeSetting } from '../../assembly/run-fingerprint.ts';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import { loadModels } from '../../assembly/load-pair.ts';
import type { RunResult } from '../../assembly/run-result.ts';
import { ConfigError } from '../../core/errors.ts';
import { catalogue } from '../../models/catalogue.ts';
import { type ReadTrace, readTraces } from '../../traces/read-traces.ts';
import { requestFormat } from '../../traces/verify/request-format.ts';
import { TOLERANCE_NATS } from '../../traces/verify/tolerance.ts';
import { type Verification, verifyTrace } from '../../traces/verify/verify-trace.ts';
import { Interrupt } from '../interrupt.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { modelOptions } from '../options/shared-options.ts';
import { asArgument } from '../options/table-options.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';
import { verificationLines } from '../output/verification-lines.ts';
import { readTextFile } from '../read-input.ts';
import { FAILURE } from '../report-error.ts';
import { type CommandValues, modelSettings } from './command-values.ts';

interface VerifyValues extends CommandValues {
  readonly json?: boolean;
  readonly tolerance: number;
  readonly debug?: boolean;
}

/** Of the options that name and load models, those of the base; its template is the trace's. */
const OF_BASE = new Set([
  ...['base', 'tokenizer', 'server-timeout', 'base-key-env'],
  ...['threads', 'context', 'kv-type', 'gpu-layers', 'backend', 'repack'],
]);

export function verifyCommand(config: ConfigFile): Command {
  const command = new Command('verify')
    .argument('<files...>', 'traces: of run --json or --trace, of batch --tokens, of evaluate --tokens')
    .option('--json', 'a JSON object for each trace, on a line')
    .option(
      '--tolerance <nats>',
      'by how much ln P of a token may differ, and by less on average',
      toleranceOf,
      TOLERANCE_NATS,
    );
  for (const option of modelOptions(config)) if (OF_BASE.has(option.name())) command.addOption(option);
  return command.action((files: string[], _, self: Command) =>
    verify(files, self.optsWithGlobals<VerifyValues>(), isNamed(self, config)),
  );
}

/** On the command line, in the environment or in the config file. */
function isNamed(command: Command, { values }: ConfigFile): boolean {
  return values['base'] !== undefined || command.getOptionValueSource('base') !== 'default';
}

async function verify(files: readonly string[], values: VerifyValues, named: boolean): Promise<void> {
  const terminal = openTerminal();
  const read: ReadTrace[] = [];
  for (const file of files) read.push(...readTraces(await readTextFile(file, 'verify'), file));
  const sound = read.flatMap(({ trace }) => (trace instanceof ConfigError ? [] : [trace]));
  if (sound.length === 0) throw firstProblem(read, files);
  using interrupt = new Interrupt();
  if (values.debug) await showNativeLog(values);
  const settings = {
    ...(await modelSettings(values, terminal, interrupt.signal)),
    base: named ? values.base : baseOf(sound),
  };
  await verifyAll(read, settings, values, terminal, interrupt.signal);
}

async function verifyAll(
  read: readonly ReadTrace[],
  settings: ModelSettings & { readonly base: string },
  { json, tolerance: toleranceNats }: VerifyValues,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const own = await describeSetting('base', settings.base);
  const sha256 = typeof own === 'string' ? undefined : own.sha256;
  const models = await loadModels(settings, ['base']);
  try {
    for (const { place, trace } of read) {
      signal.throwIfAborted();
      const problem = trace instanceof ConfigError ? trace : otherBase(trace, place, sha256, settings.base);
      const format = problem ? undefined : requestFormat((trace as RunResult).request, models.base!);
      const outcome: Verification | ConfigError =
        problem ?? (await verifyTrace(trace as RunResult, models.base!, { toleranceNats, format }));
      if (outcome instanceof ConfigError || outcome.verdict !== 'true') process.exitCode = FAILURE;
      terminal.write(json ? `${asJson(place, outcome)}\n` : verificationLines(place, trace, outcome, terminal));
    }
  } finally {
    await models.close();
  }
}

function asJson(place: string, outcome: Verification | ConfigError): string {
  if (!(outcome instanceof ConfigError)) return JSON.stringify({ place, ...outcome });
  const { code, message } = outcome;
  return JSON.stringify({ place, verdict: 'refused', error: { code, message } });
}

function firstProblem(read: readonly ReadTrace[], files: readonly string[]): ConfigError {
  const [first] = read;
  if (first?.trace instanceof ConfigError) return first.trace;
  return new ConfigError('no-trace', `${files.join(', ')} has no trace: make one with run --json.`);
}

/** A trace says which base it was made with. What it names is opened by itself only where that is a model of the catalogue. */
function baseOf(traces: readonly RunResult[]): string {
  const named = traces.find(({ request }) => request.models['base'])?.request.models['base']?.named;
  if (named !== undefined && catalogue.models.some(({ name }) => name === named)) return named;
  const made = named === undefined ? 'without a base that is told' : `with the base ${named}`;
  throw new ConfigError('no-base', `The trace was made ${made}: name the base to check it by with --base MODEL.`);
}

function otherBase(
  { request, models }: RunResult,
  place: string,
  sha256: string | undefined,
  base: string,
): ConfigError | undefined {
  const made = request.models['base'];
  if (made?.sha256 === undefined || sha256 === undefined || made.sha256 === sha256) return undefined;
  return new ConfigError(
    'other-base',
    `${place} was made with ${models.base ?? made.named} (SHA-256 ${made.sha256.slice(0, 12)}…), and ${base} is another file (${sha256.slice(0, 12)}…): name that one with --base.`,
  );
}

function toleranceOf(text: string): number {
  return asArgument(() => {
    const nats = Number(text);
    if (text.trim() !== '' && nats > 0 && nats < Infinity) return nats;
    throw new ConfigError(
      'bad-tolerance',
      `--tolerance takes a number of nats above 0, not ${JSON.stringify(text)}; ${TOLERANCE_NATS} is usual.`,
    );
  }, '.');
}
