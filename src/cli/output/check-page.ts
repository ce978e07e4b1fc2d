import type { CheckReport, FindingExample, FoundPairs } from '../../preferences/check/check-report.ts';
import { FINDINGS } from '../../preferences/check/findings.ts';
import type { LengthBias } from '../../preferences/check/length-bias.ts';
import { labelWords, lengthWords, percent } from './check-table.ts';
import { printable } from './printable.ts';
import { escapeXml } from './svg-parts.ts';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ddd}
td.number{text-align:right}pre{white-space:pre-wrap;margin:0;font-size:.85rem}details{margin:.5rem 0}`;

/** A check's report as a page of its own, without scripts. What data or a model wrote is shown as text. */
export function checkPage(report: CheckReport): string {
  const { file, pairs, prompts, kept } = report;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Check of ${html(file)}</title><style>${STYLE}</style></head><body>
<h1>Check of ${html(file)}</h1>
<p>${pairs} pairs with ${prompts} prompts. ${kept} of them (${percent(pairs === 0 ? undefined : kept / pairs)}) have no finding that removes them.</p>
<h2>Findings</h2>
${table(
  ['', 'pairs', 'share', 'left out by --fix'],
  report.findings.map((found) => findingCells(found, pairs)),
)}
${report.findings.map(examples).join('\n')}
<h2>Length</h2>
${lengths(report)}
<h2>Labels</h2>
<p>${report.labels ? html(labelWords(report.labels)) : 'No reward model was asked.'}</p>
<h2>Data sets</h2>
${table(
  ['source', 'licence', 'pairs'],
  report.dataSets.map((set) => [html(set.source), html(set.licence), String(set.pairs)]),
)}
${table(
  ['dimension', 'pairs'],
  Object.entries(report.dimensions).map(([name, count]) => [name, String(count)]),
)}
<h2>Records that are no pairs</h2>
${table(
  ['reason', 'records', 'first'],
  report.reasons.map(({ reason, count, first }) => [html(reason), String(count), html(first.join(', '))]),
)}
<h2>Benchmarks</h2>
${table(
  ['looked for', 'items', 'too short to be found'],
  report.benchmarks.map((one) => [html(one.name), String(one.items), String(one.tooShort)]),
)}
</body></html>
`;
}

function findingCells({ finding, pairs, removes }: FoundPairs, all: number): string[] {
  return [FINDINGS[finding].words, String(pairs), percent(all === 0 ? undefined : pairs / all), removes ? 'yes' : 'no'];
}

function examples({ finding, examples: found }: FoundPairs): string {
  if (found.length === 0) return '';
  const rows = found.map((example) => [
    where(example),
    text(example.prompt),
    text(example.chosen),
    text(example.rejected),
  ]);
  const heads = ['line', 'prompt, last turn', 'chosen', 'rejected'];
  return `<details><summary>${FINDINGS[finding].words}: the first</summary>${table(heads, rows)}</details>`;
}

function where({ line, otherLine, item }: FindingExample): string {
  const beside = [otherLine === undefined ? '' : `beside ${otherLine}`, item ?? ''].filter((part) => part !== '');
  return html([line, ...beside].join(', '));
}

function lengths({ lengthBias, lengthBiasOf }: CheckReport): string {
  const rows: [string, LengthBias][] = Object.entries(lengthBiasOf);
  if (lengthBias) rows.unshift(['all', lengthBias]);
  return table(
    ['pairs', 'length of responses'],
    rows.map(([name, bias]) => [name, html(lengthWords(bias))]),
  );
}

/** @param rows of HTML */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '<p>None.</p>';
  const cells = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`);
  return `<table><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>${cells.join('')}</table>`;
}

function text(written: string): string {
  return `<pre>${html(written)}</pre>`;
}

function html(written: string): string {
  return escapeXml(printable(written)).replaceAll('"', '&quot;');
}
