import { readFile } from 'node:fs/promises';

/** What the system says of a process. */
export interface ProcessState {
  /** A zombie counts as dead: it only waits for its parent to take note of its end. */
  readonly isAlive: boolean;
  /** When it started, in a form that tells it from another one of the same id; undefined where the system doesn't say. */
  readonly start: string | undefined;
}

const DEAD = new Set(['Z', 'X', 'x']);

/** On Linux out of /proc; elsewhere all that is known is whether there is a process of this id. */
export async function processState(processId: number): Promise<ProcessState> {
  const stat = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => undefined);
  // The name, in brackets, may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields) return { isAlive: isThere(processId), start: undefined };
  return { isAlive: !DEAD.has(fields[0]!), start: fields[19] };
}

function isThere(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
