import type { Figure, Score } from '../../benchmarks/score/score.ts';
import { alignColumns } from './align-columns.ts';
import { printable } from './printable.ts';

export function scoreTable(benchmark: string, { figures, notes }: Score): string {
  const rows = figures.map((figure) => [printable(figure.name), show(figure.value, figure), intervalOf(figure)]);
  return [alignColumns([[benchmark, 'value', 'interval'], ...rows]), ...notes.map(printable)].join('\n');
}

function intervalOf({ interval, ...figure }: Figure): string {
  return interval ? `${show(interval[0], figure)} to ${show(interval[1], figure)}` : '';
}

function show(value: number, { unit }: Pick<Figure, 'unit'>): string {
  if (unit === 'points') return value.toFixed(2);
  return `${(unit === 'share' ? 100 * value : value).toFixed(2)}%`;
}
