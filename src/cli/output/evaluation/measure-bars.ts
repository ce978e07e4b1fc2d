import type { MeasureReport, TaskReport } from '../../../studies/evaluate/evaluation-report.ts';
import { at, escapeXml, roundTicks, scale, valuesBelow } from '../svg-parts.ts';
import { COMPARABLE, PUBLISHED } from './published.ts';
import { formatOf, isComparable, mainMeasure } from './summary-tables.ts';

const WIDTH = 600;
const LEFT = 130;
const RIGHT = WIDTH - 70;
const ROW = 26;
const TOP = 30;
const LONGEST_NAME = 18;

/** Of the paper's rows these stand as marks: the base alone and weak-to-strong decoding. */
const MARKED = ['Llama-3-70B', 'Llama-3-70B + WSD (Pilot-3B)'];

/** An SVG picture of the measure that stands for a task: a bar and an interval for each strategy, and published values as marks. */
export function measureBars(task: TaskReport): string {
  const name = mainMeasure(task)!;
  const bars = task.strategies.flatMap(({ strategy, measures }) => {
    const measure = measures.find((one) => one.name === name);
    return measure?.value == null ? [] : [{ strategy, measure, value: measure.value }];
  });
  if (bars.length === 0) return '';
  const marks = marksOf(task);
  const most = Math.max(
    ...bars.flatMap(({ measure, value }) => [value, ...(measure.interval ?? [])]),
    ...marks.map(({ value }) => value),
    0,
  );
  const least = Math.min(...bars.flatMap(({ measure, value }) => [value, ...(measure.interval ?? [])]), 0);
  const x = scale([least, most === least ? least + 1 : most], [LEFT, RIGHT]);
  const bottom = TOP + ROW * (bars.length + (marks.length > 0 ? 1 : 0)) + 4;
  const format = formatOf(bars[0]!.measure);
  const ticks = roundTicks(least, most === least ? least + 1 : most);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 24}" role="img" aria-label="${escapeXml(`${task.name}: ${name}`).replaceAll('"', '&quot;')}" font-family="sans-serif" font-size="12">`,
    `<text x="8" y="18" font-weight="bold">${escapeXml(`${task.name}: ${name}`)}</text>`,
    ...ticks.map(
      (tick) => `<line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${TOP - 4}" y2="${bottom}"/>`,
    ),
    ...bars.map(({ strategy, measure, value }, i) => bar(strategy, measure, value, TOP + i * ROW, x, format)),
    ...(marks.length > 0 ? [markRow(marks, TOP + bars.length * ROW, x, format)] : []),
    ...valuesBelow(
      ticks.map((tick) => tick),
      bottom,
      x,
    ).map((text, i) => text.replace(`>${ticks[i]}<`, `>${format(ticks[i]!)}<`)),
    '</svg>',
  ].join('\n');
}

type Format = (value: number) => string;
type Place = (value: number) => number;

function bar(name: string, { interval }: MeasureReport, value: number, y: number, x: Place, format: Format): string {
  const [from, to] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))];
  const middle = y + ROW / 2 - 3;
  const whisker = interval
    ? `<line class="interval" x1="${at(x(interval[0]))}" x2="${at(x(interval[1]))}" y1="${at(middle)}" y2="${at(middle)}"/>`
    : '';
  const shown = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
  return (
    `<text x="${LEFT - 8}" y="${at(middle + 4)}" text-anchor="end">${escapeXml(shown)}</text>` +
    `<rect class="bar" x="${at(from)}" y="${y}" width="${at(Math.max(to - from, 1))}" height="${ROW - 8}"><title>${escapeXml(`${name}: ${format(value)}`)}</title></rect>${whisker}` +
    `<text x="${at(Math.max(to, x(interval?.[1] ?? value)) + 6)}" y="${at(middle + 4)}">${format(value)}</text>`
  );
}

interface Mark {
  readonly words: string;
  /** In the measure's own unit. */
  readonly value: number;
}

function marksOf(task: TaskReport): Mark[] {
  if (!isComparable(task)) return [];
  const { scale: perUnit } = COMPARABLE[task.name]!;
  return PUBLISHED.filter(({ models }) => MARKED.includes(models)).flatMap(({ models, scores }) => {
    const score = scores[task.name];
    return score === undefined ? [] : [{ words: models, value: score / perUnit }];
  });
}

function markRow(marks: readonly Mark[], y: number, x: Place, format: Format): string {
  const middle = y + ROW / 2 - 3;
  const drawn = marks.map(({ words, value }) => {
    const place = x(value);
    const points = `${at(place - 5)},${at(middle)} ${at(place)},${at(middle - 6)} ${at(place + 5)},${at(middle)} ${at(place)},${at(middle + 6)}`;
    return `<polygon class="mark" points="${points}"><title>${escapeXml(`published, ${words}: ${format(value)}`)}</title></polygon>`;
  });
  return `<text class="soft" x="${LEFT - 8}" y="${at(middle + 4)}" text-anchor="end">published 70B</text>${drawn.join('')}`;
}
