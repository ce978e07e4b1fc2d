import type { Row } from './row.ts';

export interface BenchResult {
  readonly machine: Readonly<Record<string, string | number>>;
  readonly rows: readonly Row[];
}

/** The result as a page of documentation. */
export function benchmarkPage({ machine, rows }: BenchResult): string {
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return `# Benchmarks

Written by \`npm run bench -- --markdown docs/benchmarks.md\`, never by hand. The default pair, ${facts.join(', ')}.

Each ratio compares two things that took turns in this one run. Medians; the middle half of the runs in brackets. Times
per token are of the whole response: kept draft and base tokens; the base writes up to 128 of them unless
\`--max-tokens\` says otherwise. The prompts are in \`bench/prompts.ts\`.

| row | value | middle half | runs | |
|---|---|---|---|---|
${rows.map(line).join('\n')}
`;
}

function line({ name, value, unit, runs, quartiles, note }: Row): string {
  const shown = value === null ? 'not measured' : value.toFixed(3);
  const spread = quartiles && runs > 1 ? quartiles.map((each) => each.toFixed(3)).join(' to ') : '';
  return `| \`${name}\` | ${shown} | ${spread} | ${runs} | ${[unit, note].filter(Boolean).join('; ')} |`;
}
