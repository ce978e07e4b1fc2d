import type { Quartiles } from '../../../core/quartiles.ts';
import type { EvaluationReport, StrategyReport, TaskReport } from '../../../studies/evaluate/evaluation-report.ts';
import { measureTables } from './measure-tables.ts';
import type { ReportTable } from './report-table.ts';

type Column = readonly [head: string, cell: (strategy: StrategyReport) => string];

/** What the answers to a task are graded, what they are like, how long they took and how good they are, a table each. */
export function taskTables(task: TaskReport, { comparedWith, concurrency, reward }: EvaluationReport): ReportTable[] {
  const { input, strategies } = task;
  const at = concurrency === 1 ? 'one line at a time' : `${concurrency} lines at a time, which slow one another`;
  return [
    ...measureTables(task, comparedWith),
    {
      ...table('responses', strategies, responseColumns(input.lines)),
      notes: [
        'tokens, k: medians; drafted: tokens of the draft, of all; cut: ended by a limit of tokens;',
        'repeated: passages of four words that were there before in the response, mean.',
        ...switchLines(strategies),
      ],
    },
    {
      ...table('time', strategies, timeColumns(comparedWith)),
      notes: [`Medians and quartiles, ${at}; /${comparedWith}: of a token, over ${comparedWith}'s on the same line.`],
    },
    ...(reward === null ? [] : [rewardTable(strategies, comparedWith, reward)]),
  ];
}

function rewardTable(strategies: readonly StrategyReport[], comparedWith: string, reward: string): ReportTable {
  return {
    ...table('reward', strategies, rewardColumns(comparedWith)),
    notes: [
      `Rewards by ${reward}.`,
      `Intervals: 95%; above ${comparedWith}: lines with a greater reward than ${comparedWith}'s, ties as half.`,
      ...flattered(strategies),
    ],
  };
}

function table(title: string, strategies: readonly StrategyReport[], columns: readonly Column[]) {
  return {
    head: [title, ...columns.map(([name]) => name)],
    rows: strategies.map((strategy) => [strategy.strategy, ...columns.map(([, cell]) => cell(strategy))]),
  };
}

function responseColumns(lines: number): Column[] {
  return [
    ['answered', ({ answered }) => `${answered}/${lines}`],
    ['tokens', ({ responseTokens }) => median(responseTokens, whole)],
    ['quartiles', ({ responseTokens }) => quartiles(responseTokens, whole)],
    ['drafted', ({ draftedShare }) => number(draftedShare, percent)],
    ['k', (strategy) => number(strategy.switch?.medianIndex, whole)],
    ['cut', ({ cutShare }) => number(cutShare, percent)],
    ['repeated', ({ repeatedShare }) => number(repeatedShare, percent)],
  ];
}

function timeColumns(first: string): Column[] {
  return [
    ['a response', ({ responseMs }) => median(responseMs, seconds)],
    ['first token', ({ firstTokenMs }) => median(firstTokenMs, seconds)],
    ['a token', ({ msPerToken }) => median(msPerToken, milliseconds)],
    ['quartiles', ({ msPerToken }) => quartiles(msPerToken, (ms) => ms.toFixed(1))],
    [`/${first}`, ({ timeRatio }) => median(timeRatio, ratio)],
    ['quartiles', ({ timeRatio }) => quartiles(timeRatio, ratio)],
  ];
}

function rewardColumns(first: string): Column[] {
  return [
    ['rewarded', ({ reward, answered }) => `${reward?.rewarded ?? 0}/${answered}`],
    ['mean', ({ reward }) => number(reward?.mean, ratio)],
    ['interval', ({ reward }) => interval(reward?.interval)],
    [`above ${first}`, ({ betterThanFirst }) => number(betterThanFirst?.share, percent)],
    ['interval', ({ betterThanFirst }) => interval(betterThanFirst?.interval, percent)],
  ];
}

function flattered(strategies: readonly StrategyReport[]): string[] {
  const names = strategies.filter(({ choseByReward }) => choseByReward).map(({ strategy }) => strategy);
  if (names.length === 0) return [];
  return [`Chose by these very rewards, and are flattered by them: ${names.join(', ')} (--judge names other ones).`];
}

/** Why the base took over, for each strategy with a switch. */
function switchLines(strategies: readonly StrategyReport[]): string[] {
  return strategies.flatMap(({ strategy, switch: switches }) => {
    if (!switches) return [];
    const parts = [
      [switches.confident, 'base confident'],
      [switches['draft-ended'], 'draft ended'],
      [switches['draft-limit'], 'draft limit'],
      [switches['draft-filtered'], 'draft filtered'],
      [switches['draft-empty'], 'draft empty'],
      [switches.none, 'ended within the draft'],
    ] as const;
    const told = parts.filter(([count]) => count > 0).map(([count, words]) => `${words} ${count}`);
    return told.length === 0 ? [] : [`${strategy} switched: ${told.join(', ')}.`];
  });
}

type Format = (value: number) => string;

const whole: Format = (value) => String(Math.round(value));
const percent: Format = (share) => `${Math.round(100 * share)}%`;
/** Without the sign of a small number that is rounded to 0. */
const ratio: Format = (value) => value.toFixed(2).replace(/^-0\.00$/, '0.00');
const milliseconds: Format = (ms) => `${ms.toFixed(1)} ms`;
const seconds: Format = (ms) => `${(ms / 1000).toFixed(2)} s`;

function number(value: number | null | undefined, format: Format): string {
  return value === null || value === undefined ? '' : format(value);
}

function median(spread: Quartiles | null, format: Format): string {
  return spread ? format(spread.median) : '';
}

function quartiles(spread: Quartiles | null, format: Format): string {
  return spread ? `${format(spread.lowerQuartile)}-${format(spread.upperQuartile)}` : '';
}

function interval(bounds: readonly [number, number] | null | undefined, format: Format = ratio): string {
  return bounds ? `${format(bounds[0])} to ${format(bounds[1])}` : '';
}
