import { mkdir, realpath } from 'node:fs/promises';
import { ConfigError } from '../../core/errors.ts';
import { strategyFileName } from '../../runtime/strategies/strategy-file-name.ts';

/**
 * The folder of an evaluation, made if it is not there, behind links.
 *
 * @throws ConfigError where there can be none
 */
export async function evaluationFolder(output: string): Promise<string> {
  try {
    await mkdir(output, { recursive: true });
    return await realpath(output);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in its place' : message;
    throw new ConfigError(
      'unwritable-folder',
      `--output: the folder ${output} can't be made (${reason}): name another one.`,
      { cause },
    );
  }
}

/** Names of a strategy's files in the folder. */
export function evaluationFiles(strategy: string): { readonly answers: string; readonly rewards: string } {
  const name = strategyFileName(strategy);
  return { answers: `${name}.jsonl`, rewards: `${name}.rewards.jsonl` };
}

export const REPORT = 'report.json';
