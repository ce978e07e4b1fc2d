import { WellbegunError } from '../../core/errors.ts';
import { reportError } from '../report-error.ts';

const failed = new AbortController();

/** Aborts when nothing more can be written to stdout. */
export const OUTPUT_FAILED: AbortSignal = failed.signal;

/**
 * Ends the work when stdout can't take more: quietly when its reader left, as `head` does, else with a sentence and
 * exit code 1. Notices that nobody can read are dropped.
 */
export function watchOutput(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error) => failed.abort(error));
  process.on('exit', () => {
    if (OUTPUT_FAILED.aborted) process.exitCode = exitCode(OUTPUT_FAILED.reason as NodeJS.ErrnoException);
  });
}

function exitCode(cause: NodeJS.ErrnoException): number {
  if (cause.code === 'EPIPE') return 0;
  const reason = cause.code === 'ENOSPC' ? 'its disk is full' : cause.message;
  const error = new WellbegunError('unwritten-output', `stdout could not be written (${reason}): send it elsewhere.`, {
    cause,
  });
  return reportError(error, { debug: process.argv.includes('--debug') });
}
