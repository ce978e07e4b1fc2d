import { ConfigError, WellbegunError } from '../core/errors.ts';
import { flagOf } from '../settings/names.ts';
import { printable } from './output/printable.ts';
import { coloursOf } from './output/terminal.ts';

export const USAGE_ERROR = 2;
export const FAILURE = 1;
/** 128 + SIGINT, as shells have it. */
export const INTERRUPTED = 130;

const colours = coloursOf(process.stderr);

/** Says what went wrong in one sentence on stderr; gives the exit code. */
export function reportError(error: unknown, { debug }: { readonly debug: boolean }): number {
  if (isAbort(error)) return INTERRUPTED;
  process.stderr.write(`${colours.red('wellbegun:')} ${sentence(error)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n${causes(error)}`);
  return error instanceof ConfigError ? USAGE_ERROR : FAILURE;
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** On one line, and without what could move the cursor: messages may quote what a file or server said. */
function sentence(error: unknown): string {
  return printable(explain(error)).replace(/\s*\n\s*/g, ' ');
}

function explain(error: unknown): string {
  if (error instanceof WellbegunError) return error.spelled(flagOf);
  const message = error instanceof Error ? error.message : String(error);
  return `${message} (This was not foreseen: run again with --debug and report what it prints.)`;
}

function causes(error: Error): string {
  const lines: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause)
    lines.push(`caused by ${cause.stack ?? cause.message}\n`);
  return lines.join('');
}
