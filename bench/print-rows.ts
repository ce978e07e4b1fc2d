import type { Row } from './row.ts';

/** A line a row, for people. */
export function printRows(rows: readonly Row[]): void {
  for (const row of rows) console.log(line(row));
}

function line({ name, value, unit, runs, quartiles, note }: Row): string {
  const shown = value === null ? 'not measured' : value.toFixed(3);
  const spread = quartiles && runs > 1 ? ` [${quartiles.map((each) => each.toFixed(3)).join(', ')}]` : '';
  return `${name.padEnd(28)} ${shown.padStart(10)}${spread}  ${unit}, ${runs} runs${note === undefined ? '' : ` (${note})`}`;
}
