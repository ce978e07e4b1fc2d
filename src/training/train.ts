import { mkdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { computeSha256 } from '../models/compute-sha256.ts';
import { expandHome } from '../models/expand-home.ts';
import { writeJsonFile } from '../storage/write-json-file.ts';
import { checkPairs } from './check-pairs.ts';
import { modelForPython, type ModelOptions } from './model-for-python.ts';
import { preparePython } from './python-project.ts';
import type { Recipe } from './recipe.ts';
import type { RunEvent } from './run-event.ts';
import { runPython } from './run-python.ts';

export interface TrainOptions extends ModelOptions {
  /** Called before the environment is set up, which takes minutes the first time. */
  readonly onPrepare?: (pairs: number) => void;
}

/**
 * Trains by a recipe, and gives what happens. What an earlier run with the same recipe left in `output` is gone on with,
 * from its newest whole checkpoint.
 *
 * @throws ConfigError for data that can't be trained on, before a model is loaded, and for an output of another run
 * @throws WellbegunError for what stops a run, such as a loss that is no number
 */
export async function* train(recipe: Recipe, options: TrainOptions = {}): AsyncGenerator<RunEvent> {
  const data = resolve(expandHome(recipe.data));
  const output = resolve(expandHome(recipe.output));
  options.onPrepare?.(await checkPairs(data));
  const sha256 = await computeSha256(data, options.signal);
  const model = await modelForPython(recipe.model, options);
  const run = { lora: null, steps: null, threads: null, ...recipe, model, data, output, data_sha256: sha256 };
  const file = await noteRun(output, run);
  const environment = await preparePython(options.signal);
  const args = [...launcher(recipe), '-m', 'wellbegun_train', 'train', file];
  yield* runPython(environment, { args, log: join(output, 'trainer.log'), signal: options.signal });
}

/** Settings that decide how fast a run is, or how safe, and not what it learns. */
const FREE = ['threads', 'save_steps'];

/** @throws ConfigError where the folder holds a run that differs */
async function noteRun(output: string, run: Readonly<Record<string, unknown>>): Promise<string> {
  const file = join(output, 'run.json');
  await makeFolder(output);
  const before = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Record<string, unknown>,
    () => undefined,
  );
  const other = before && Object.keys(run).find((name) => !FREE.includes(name) && differs(before[name], run[name]));
  if (other !== undefined) {
    throw new ConfigError(
      'other-run',
      `${output} holds a run whose ${other} was ${JSON.stringify(before![other])}, and now is ${JSON.stringify(run[other])}: name another output, or remove that folder.`,
    );
  }
  await writeJsonFile(file, run, 'output');
  return file;
}

function differs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

async function makeFolder(output: string): Promise<void> {
  try {
    await mkdir(output, { recursive: true });
    if ((await stat(output)).isDirectory()) return;
  } catch (cause) {
    throw new ConfigError('bad-output', `The output ${output} can't be made (${(cause as Error).message}).`, { cause });
  }
}

function launcher({ gpus }: Recipe): string[] {
  if (gpus === 1) return [];
  const fsdp = ['--use_fsdp', '--fsdp_version', '2', '--fsdp_auto_wrap_policy', 'TRANSFORMER_BASED_WRAP'];
  return ['-m', 'accelerate.commands.launch', '--num_processes', String(gpus), ...fsdp];
}
