import type { DecodeTrace } from '../../core/decode-trace.ts';
import { switchPart, tokensPerSecond } from './summary-line.ts';

/** Speed of each strategy on the same prompt, and its time per token over that of the base alone. */
export function compareTable(traces: readonly DecodeTrace[]): string {
  const base = traces.find(({ strategy }) => strategy === 'base');
  const rows = traces.map((trace) => [
    trace.strategy,
    String(trace.usage.keptDraftTokens + trace.usage.baseTokens),
    wroteAnything(trace) ? tokensPerSecond(trace).toFixed(1) : '',
    base ? timeOverBase(trace, base) : '',
    trace.switch ? switchPart(trace) : '',
  ]);
  return align([['', 'tokens', 'tokens/s', 'time/base', 'switch'], ...rows]);
}

/** Nothing where one of them has no time per token. */
function timeOverBase(trace: DecodeTrace, base: DecodeTrace): string {
  if (!wroteAnything(trace) || !wroteAnything(base)) return '';
  return (tokensPerSecond(base) / tokensPerSecond(trace)).toFixed(2);
}

function wroteAnything({ usage }: DecodeTrace): boolean {
  return usage.keptDraftTokens + usage.baseTokens > 0;
}

/** The first and the last column hold text, the others numbers. */
function align(rows: readonly string[][]): string {
  const last = rows[0]!.length - 1;
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const pad = (cell: string, column: number) =>
    column === 0 || column === last ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
