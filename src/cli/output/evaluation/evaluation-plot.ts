import type { EvaluationReport, StrategyReport, TaskReport } from '../../../studies/evaluate/evaluation-report.ts';
import { at, escapeXml, gridLines, roundTicks, type Scale, scale, stackedPicture, valuesBelow } from '../svg-parts.ts';

const SIZE = { width: 560, height: 360 };
const LONGEST_NAME = 40;
const FRAME = { left: 56, right: 520, top: 44, bottom: 310 };

interface Dot {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** Quartiles of x. */
  readonly quartiles?: readonly [number, number];
  readonly interval?: readonly [number, number] | null;
}

/**
 * An SVG picture of what each strategy costs and gives, a part for each task: its reward, with the 95% interval, or without
 * a reward model the share that the draft wrote, over its time for a token in times of the first strategy's, with
 * quartiles. One without such figures is left out.
 */
export function evaluationPlot(report: EvaluationReport): string {
  return stackedPicture(
    SIZE,
    report.tasks.map((task) => taskPlot(task, report)),
  );
}

function taskPlot(task: TaskReport, report: EvaluationReport): string[] {
  const { comparedWith, reward, tasks } = report;
  const dots = task.strategies.flatMap((strategy) => dotOf(strategy, report));
  const [low, high] = reward === null ? [0, 1] : rangeOf(dots);
  const most = Math.max(1, ...dots.map(({ x, quartiles }) => quartiles?.[1] ?? x));
  const x = scale([0, most], [FRAME.left, FRAME.right]);
  const y = scale([low, high], [FRAME.bottom, FRAME.top]);
  const what = reward === null ? 'Share of drafted tokens' : `Mean reward by ${shortened(reward)}, 95% intervals`;
  const title = tasks.length === 1 ? what : `${shortened(task.name)}: ${what}`;
  return [
    `<text x="8" y="20" font-size="13">${escapeXml(title)}</text>`,
    ...gridLines(roundTicks(low, high), FRAME, y),
    ...valuesBelow(roundTicks(0, most), FRAME.bottom, x),
    `<text x="${FRAME.right}" y="${FRAME.bottom + 34}" text-anchor="end">time for a token, over that of ${escapeXml(comparedWith)}: median and quartiles</text>`,
    ...dots.map((dot) => drawn(dot, x, y)),
  ];
}

function dotOf(strategy: StrategyReport, { comparedWith, reward: model }: EvaluationReport): Dot[] {
  const { strategy: name, timeRatio, reward, draftedShare } = strategy;
  const x = name === comparedWith ? 1 : timeRatio?.median;
  const y = model === null ? draftedShare : reward?.mean;
  if (x === undefined || y === undefined || y === null) return [];
  const quartiles = timeRatio && ([timeRatio.lowerQuartile, timeRatio.upperQuartile] as const);
  return [{ name, x, y, ...(quartiles && { quartiles }), ...(reward && { interval: reward.interval }) }];
}

function rangeOf(dots: readonly Dot[]): [number, number] {
  const values = dots.flatMap(({ y, interval }) => [y, ...(interval ?? [])]);
  return values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
}

function drawn(
  { name, x: time, y: value, quartiles = [time, time], interval = [value, value] }: Dot,
  x: Scale,
  y: Scale,
): string {
  const [cx, cy] = [at(x(time)), at(y(value))];
  const bar = [
    line([quartiles[0], value], [quartiles[1], value], x, y),
    ...(interval ? [line([time, interval[0]], [time, interval[1]], x, y)] : []),
  ].join('');
  // Names stay within the frame.
  const isRight = x(time) > (FRAME.left + FRAME.right) / 2;
  const place = `x="${at(x(time) + (isRight ? -7 : 7))}" y="${at(y(value) - 5)}"${isRight ? ' text-anchor="end"' : ''}`;
  return `${bar}<circle cx="${cx}" cy="${cy}" r="4" fill="#4477aa"/><text ${place}>${escapeXml(name)}</text>`;
}

function line(from: readonly [number, number], to: readonly [number, number], x: Scale, y: Scale): string {
  const ends = `x1="${at(x(from[0]))}" y1="${at(y(from[1]))}" x2="${at(x(to[0]))}" y2="${at(y(to[1]))}"`;
  return `<line ${ends} stroke="#4477aa" opacity="0.4" stroke-width="2"/>`;
}

/** A reward model may be named by a long path: its two ends tell most. */
function shortened(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME / 2)}…${name.slice(-LONGEST_NAME / 2)}`;
}
