import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { Command } from 'commander';
import { ConfigError, WellbegunError } from '../../core/errors.ts';
import { createRowReader } from '../../engines/llama-cpp/log-softmax/row-reader.ts';
import { BINARY_VERSION, installedVariants } from '../../engines/llama-cpp/native/library-location.ts';
import { cacheDirectory } from '../../models/cache-directory.ts';
import { formatBytes } from '../../models/format-bytes.ts';
import { hubToken } from '../../models/hub/hub-token.ts';
import { listModels } from '../../models/list-models.ts';
import { findPip } from '../../models/pypi/find-pip.ts';
import { describeUseless } from '../../engines/llama-cpp/trial/gpu/trial-outcome.ts';
import { loadEngine } from '../../assembly/load-engine.ts';
import { defaultThreads } from '../../assembly/machine.ts';
import { flagOf } from '../../settings/names.ts';
import { describeSandbox } from '../../sandbox/describe-sandbox.ts';
import { type ConfigFile, readConfigFile } from '../options/config-file.ts';
import { modelOptions } from '../options/shared-options.ts';
import { openTerminal } from '../output/terminal.ts';
import { examinePair, pairTokensOption, type PairValues } from './examine-pair.ts';

interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'note' | 'bad';
  readonly text: string;
}

type Check = () => Promise<Omit<Finding, 'what'>>;

const GEMMA_VOCABULARY = 262_144;

const CHECKS: Readonly<Record<string, Check>> = {
  machine: () =>
    Promise.resolve(
      ok(
        `${process.platform}-${process.arch}, ${cpus()[0]?.model ?? 'unknown processor'}, ${formatBytes(totalmem())} of memory`,
      ),
    ),
  node: () => Promise.resolve(ok(process.version)),
  threads: () => Promise.resolve(ok(`${defaultThreads()} of ${availableParallelism()} cores by default`)),
  'llama.cpp': async () => {
    const { location, version } = (await loadEngine()).library;
    return ok(`${version()} (${location.variant} ${BINARY_VERSION}), struct layouts verified`);
  },
  backends: () => Promise.resolve(ok(installedVariants().join(', ') || 'none installed')),
  gpu: checkGpu,
  simd: () => Promise.resolve(ok(`a confidence over ${GEMMA_VOCABULARY} tokens takes ${rowMs().toFixed(2)} ms`)),
  cache: checkCache,
  models: checkModels,
  pip: checkPip,
  sandbox: checkSandbox,
  'hub token': async () =>
    ok((await hubToken()) === undefined ? 'none; only private models need one (HF_TOKEN)' : 'set'),
};

interface DoctorValues extends PairValues {
  readonly pair?: boolean;
}

/** @param configProblem why the config file can't be used, if it can't */
export function doctorCommand(config: ConfigFile, configProblem?: Error): Command {
  const command = new Command('doctor')
    .option('--json', 'as JSON')
    .option('--pair', 'answer 20 prompts with the pair, and say how much the base had to be helped')
    .addOption(pairTokensOption());
  for (const option of modelOptions(config)) command.addOption(option);
  return command.action(async (_, self: Command) => {
    const values = self.optsWithGlobals<DoctorValues>();
    if (values.pair) return await examinePair(values);
    assertNoPairOptions(self);
    await diagnose(values, { ...CHECKS, config: () => Promise.resolve(checkConfig(configProblem)) });
  });
}

/** Only `--pair` loads models. */
function assertNoPairOptions(command: Command): void {
  const own = ['json', 'pair'];
  const given = command.options.find((option) => {
    const name = option.attributeName();
    return !own.includes(name) && command.getOptionValueSource(name) === 'cli';
  });
  if (given) throw new ConfigError('no-pair', `${given.long ?? given.flags} is for --pair: give that as well.`);
}

async function diagnose({ json }: { json?: boolean }, checks: Readonly<Record<string, Check>>): Promise<void> {
  const terminal = openTerminal();
  const findings: Finding[] = [];
  for (const [what, check] of Object.entries(checks)) findings.push({ what, ...(await examine(check)) });
  const marks = {
    ok: terminal.colours.green('ok'),
    note: terminal.colours.yellow('note'),
    bad: terminal.colours.red('BAD'),
  };
  if (json) terminal.write(`${JSON.stringify(findings)}\n`);
  else for (const { what, state, text } of findings) terminal.write(`${what.padEnd(10)}  ${marks[state]}  ${text}\n`);
  if (findings.some(({ state }) => state === 'bad')) process.exitCode = 1;
}

async function examine(check: Check): Promise<Omit<Finding, 'what'>> {
  try {
    return await check();
  } catch (error) {
    const text = error instanceof WellbegunError ? error.spelled(flagOf) : `failed: ${String(error)}`;
    return { state: 'bad', text };
  }
}

async function checkGpu(): Promise<Omit<Finding, 'what'>> {
  const { library, useless, gpusOf } = await loadEngine();
  const gpus = gpusOf(library).map(({ name, description, totalBytes }) => {
    return `${name}: ${description}, ${formatBytes(totalBytes)}`;
  });
  const computes = gpus.join('; ') || 'none; the CPU computes';
  if (useless.length === 0) return ok(computes);
  return { state: 'note', text: [computes, ...useless.map(describeUseless)].join('; ') };
}

async function checkCache(): Promise<Omit<Finding, 'what'>> {
  const directory = cacheDirectory();
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch {
    return { state: 'bad', text: `${directory} can't be written: set WELLBEGUN_CACHE to a folder that can.` };
  }
  const { bavail, bsize } = await statfs(directory);
  return ok(`${directory}, ${formatBytes(bavail * bsize)} free`);
}

async function checkModels(): Promise<Omit<Finding, 'what'>> {
  const missing = (await listModels()).filter(({ entry, path }) => entry !== undefined && path === undefined);
  if (missing.length === 0) return ok('the default pair is here');
  const size = formatBytes(missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  return {
    state: 'note',
    text: `${missing.map(({ reference }) => reference).join(' and ')} will be pulled on first use (${size})`,
  };
}

async function checkPip(): Promise<Omit<Finding, 'what'>> {
  try {
    return ok((await findPip(process.env)).join(' '));
  } catch {
    return { state: 'note', text: "not found; it is needed only where the hub can't be reached" };
  }
}

async function checkSandbox(): Promise<Omit<Finding, 'what'>> {
  const { isReady, text } = await describeSandbox();
  return { state: isReady ? 'ok' : 'note', text };
}

function checkConfig(problem: Error | undefined): Omit<Finding, 'what'> {
  return problem ? { state: 'bad', text: problem.message } : ok(readConfigFile().path ?? 'no config file');
}

function ok(text: string): Omit<Finding, 'what'> {
  return { state: 'ok', text };
}

/** Median milliseconds of reading one confidence. */
function rowMs(): number {
  const reader = createRowReader(GEMMA_VOCABULARY);
  const row = Float32Array.from({ length: GEMMA_VOCABULARY }, (_, i) => Math.sin(i));
  const times = Array.from({ length: 31 }, () => {
    const start = performance.now();
    reader.logprob(row, 1);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[15]!;
}
