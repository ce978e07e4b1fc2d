import type { CheckReport, FoundPairs } from '../../preferences/check/check-report.ts';
import { FINDINGS } from '../../preferences/check/findings.ts';
import type { LabelAgreement } from '../../preferences/check/label-count.ts';
import type { LengthBias } from '../../preferences/check/length-bias.ts';
import { alignColumns } from './align-columns.ts';
import { printable } from './printable.ts';

/** What a check found: counts, findings with the first lines, and how lengths differ. */
export function checkTable(report: CheckReport): string {
  const { pairs, prompts, kept, dropped, reasons, fixed } = report;
  const parts = [
    `${report.file}: ${pairs} pairs with ${prompts} prompts, ${kept} of them without a finding that removes them`,
  ];
  if (dropped > 0) parts.push(`${dropped} records are no pairs:`);
  for (const { reason, count, first } of reasons) parts.push(`  ${count}: ${reason} (${first.join(', ')})`);
  parts.push(alignColumns([['', 'pairs', 'share'], ...report.findings.map((found) => findingRow(found, pairs))]));
  for (const line of lengthLines(report)) parts.push(line);
  if (report.labels) parts.push(`labels: ${labelWords(report.labels)}`);
  for (const { name, items, tooShort } of report.benchmarks.filter((one) => one.tooShort > 0))
    parts.push(`${tooShort} of ${items} items of ${name} are too short to be looked for`);
  if (fixed) parts.push(`${kept} pairs in ${fixed.file}`);
  return printable(parts.join('\n'));
}

function findingRow({ finding, pairs, examples }: FoundPairs, all: number): string[] {
  const lines = examples.length > 0 ? ` (line ${examples.map(({ line }) => line).join(', ')})` : '';
  return [`${FINDINGS[finding].words}${lines}`, String(pairs), percent(all === 0 ? undefined : pairs / all)];
}

function lengthLines({ lengthBias, lengthBiasOf }: CheckReport): string[] {
  const biases: [string, LengthBias][] = Object.entries(lengthBiasOf);
  if (lengthBias && biases.length > 1) biases.unshift(['all', lengthBias]);
  return biases.map(([name, bias]) => `length, ${name}: ${lengthWords(bias)}`);
}

/** A bias as half a sentence. */
export function lengthWords({ chosenWords, rejectedWords, ...bias }: LengthBias): string {
  const [from, to] = bias.longerShareInterval;
  const difference = bias.differenceInterval?.map((words) => words.toFixed(1)).join(' to ');
  const interval = difference === undefined ? '' : ` (95% interval of the difference: ${difference})`;
  return `chosen ${chosenWords.toFixed(1)} words, rejected ${rejectedWords.toFixed(1)}${interval}; the chosen one is longer in ${percent(bias.longerShare)} (${percent(from)} to ${percent(to)})`;
}

/** What a reward model says of the labels, as half a sentence. */
export function labelWords({
  agreement,
  agreementInterval: [from, to],
  margin,
  pairs,
  tooLong,
}: LabelAgreement): string {
  const skipped = tooLong === 0 ? '' : `, ${tooLong} too long for it`;
  return `the reward model prefers the chosen response in ${percent(agreement)} (${percent(from)} to ${percent(to)}) of ${pairs} pairs${skipped}; mean margin ${margin.toPrecision(3)}`;
}

export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(1)}%`;
}
