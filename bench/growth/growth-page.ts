import { METRICS, type Metric } from './measure-point.ts';
import type { GrowthSeries, Spread } from './series.ts';

/** The series as a page of documentation, which shows the pictures of `growthPlot` from the folder `growth`. */
export function growthPage(series: readonly GrowthSeries[]): string {
  return `# How times grow

Written by \`npm run bench:growth\`, never by hand.

The default pair, unless a section says otherwise, as users get it. Medians, and the middle half in brackets. The ratio
is to the base alone without look-up, asked for as long a response in turn. Tokens drafted in vain are what the draft
wrote past the switch. The acceptance is the share of proposed tokens that held while the base wrote.

${series.map(section).join('\n')}`;
}

function section(series: GrowthSeries): string {
  const metrics = (Object.keys(METRICS) as Metric[]).filter((name) => series.points.some((p) => name in p.metrics));
  const rows = series.points.map(({ x, metrics: measured }) => [
    String(x),
    ...metrics.map((name) => cell(measured[name])),
  ]);
  return `## ${series.title}

${series.note}

![${series.title}](growth/${series.name}.svg)

${tableRow([series.x, ...metrics.map((name) => METRICS[name])])}
${tableRow([series.x, ...metrics].map(() => '---'))}
${rows.map(tableRow).join('\n')}

Measured with ${Object.entries(series.run)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}.
`;
}

function cell(spread: Spread | undefined): string {
  if (!spread) return '';
  const { median, lower, upper, runs } = spread;
  return runs > 1 ? `${short(median)} (${short(lower)} to ${short(upper)})` : short(median);
}

/** Three digits that count. */
function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
