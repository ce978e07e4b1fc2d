import { SourceFailure } from '../source-failure.ts';
import { runProcess } from '../run-process.ts';

/** An executable and the arguments that make it pip. */
export type PipCommand = readonly [executable: string, ...args: string[]];

const CANDIDATES: readonly PipCommand[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['py', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];

/**
 * The first of the usual commands that answers, or the executable that `WELLBEGUN_PIP` names.
 *
 * @throws SourceFailure when there is none.
 */
export async function findPip(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<PipCommand> {
  const named = env['WELLBEGUN_PIP']?.trim();
  for (const command of named ? [[named] as const] : CANDIDATES) {
    const answer = await runProcess([...command, '--version'], { env, signal, timeoutMs: 20_000 });
    if (answer.exitCode === 0) return command;
  }
  throw new SourceFailure(named ? `${named}, named by WELLBEGUN_PIP, is no working pip` : 'no pip was found');
}
