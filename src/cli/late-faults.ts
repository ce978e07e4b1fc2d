import { fileURLToPath } from 'node:url';
import { errorReason, hasRunModule } from '../assembly/notation/run-module.ts';
import { printable } from './output/printable.ts';
import { FAILURE, reportError } from './report-error.ts';

const OWN_SOURCE = new URL('..', import.meta.url).href;
/** Where a line of a stack lies, without its line and column. */
const PLACE = /(file:\/\/[^\s)]+?)(?::\d+){1,2}\)?$/gm;

const told = new Set<string>();

/**
 * What was thrown where nobody waits for it: in a timer, or a promise that was let go. A module of the user's that does
 * so costs no response, so that the work goes on, and the exit code is 1. Anything else ends the program.
 */
export function lateFault(error: unknown): void {
  const file = moduleOf(error);
  if (file === undefined) {
    process.exit(reportError(error, { debug: process.argv.includes('--debug') }));
  }
  process.exitCode = FAILURE;
  const sentence = `${file} failed in a timer or a promise that nothing waits for (${errorReason(error)}): mend it. The work goes on.`;
  if (told.has(sentence)) return;
  told.add(sentence);
  process.stderr.write(`wellbegun: ${printable(sentence).replaceAll(/\s*\n\s*/g, ' ')}\n`);
}

/** The file of the user's that threw, or "A module" for what says no place; undefined: it was none of the user's. */
function moduleOf(error: unknown): string | undefined {
  if (!hasRunModule()) return undefined;
  if (!(error instanceof Error)) return 'A module of yours';
  const places = [...(error.stack ?? '').matchAll(PLACE)].map(([, place]) => place!);
  const first = places.find((place) => !place.includes('/node_modules/'));
  return first === undefined || first.startsWith(OWN_SOURCE) ? undefined : fileURLToPath(first);
}
