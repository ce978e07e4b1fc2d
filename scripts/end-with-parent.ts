import type { ChildProcess } from 'node:child_process';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ends a child and all of its own children when this process ends, be it by a signal, which has no `exit` event.
 *
 * @param child started `detached`, so that it leads a process group
 * @returns ends the group now, as a crash does
 */
export function endWithParent(child: ChildProcess): () => void {
  const kill = () => killGroup(child);
  const onSignal = (signal: NodeJS.Signals) => {
    kill();
    forget();
    // Who listens besides decides how this process ends; without such, it ends as it would have.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const forget = () => {
    process.off('exit', kill);
    for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
  };
  process.on('exit', kill);
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  return () => {
    kill();
    forget();
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // None of them is left.
  }
}
