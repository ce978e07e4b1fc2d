import { mkdir, realpath, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StrategyChoice } from '../../assembly/create-strategy.ts';
import { settingName } from '../../core/setting-name.ts';
import { ConfigError } from '../../core/errors.ts';
import { strategyFileName } from '../../assembly/notation/strategies/strategy-file-name.ts';

/** Its end takes it away again if it was made for nothing. */
export interface EvaluationFolder extends AsyncDisposable {
  /** Behind links. */
  readonly path: string;
}

/**
 * The folder of an evaluation, made if it is not there.
 *
 * @throws ConfigError where there can be none
 */
export async function evaluationFolder(output: string): Promise<EvaluationFolder> {
  try {
    const isNew = (await mkdir(output, { recursive: true })) !== undefined;
    const path = await realpath(output);
    return {
      path,
      [Symbol.asyncDispose]: async () => {
        // One that has files in it stays.
        if (isNew) await rmdir(path).catch(() => undefined);
      },
    };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in its place' : message;
    throw new ConfigError(
      'unwritable-folder',
      `${settingName('output')}: the folder ${output} can't be made (${reason}): name another one.`,
      { cause },
    );
  }
}

/** Files of one strategy's responses to one task, within the evaluation's folder. */
export interface StrategyFiles {
  readonly answers: string;
  readonly rewards: string;
  readonly grades: string;
}

/** @param place the task's folder */
export function evaluationFiles(strategy: StrategyChoice, place: string): StrategyFiles {
  const name = join(place, strategyFileName(strategy));
  return { answers: `${name}.jsonl`, rewards: `${name}.rewards.jsonl`, grades: `${name}.grades.jsonl` };
}

export const REPORT = 'report.json';
