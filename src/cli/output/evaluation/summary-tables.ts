import type { EvaluationReport, MeasureReport, TaskReport } from '../../../studies/evaluate/evaluation-report.ts';
import { shownMeasures } from './measure-tables.ts';
import { COMPARABLE, PUBLISHED, PUBLISHED_TIMES, SOURCE } from './published.ts';
import type { ReportTable } from './report-table.ts';

/** All benchmarks beside one another, and times, with what the paper published below: marked, and never mixed. */
export function summaryTables(report: EvaluationReport): ReportTable[] {
  const tasks = report.tasks.filter((task) => mainMeasure(task) !== undefined || hasRewards(task));
  return [
    ...(tasks.length === 0 ? [] : [measured(tasks, report)]),
    ...published(tasks),
    times(report),
    publishedTimes(),
  ];
}

/** The measure that stands for a task; undefined where nothing was graded. */
export function mainMeasure(task: TaskReport): string | undefined {
  const shown = shownMeasures(task);
  const { measures = [] } = COMPARABLE[task.name] ?? {};
  return measures.find((name) => shown.includes(name)) ?? shown[0];
}

function measured(tasks: readonly TaskReport[], { comparedWith, reward }: EvaluationReport): ReportTable {
  const strategies = [...new Set(tasks.flatMap((task) => task.strategies.map(({ strategy }) => strategy)))];
  const rows = strategies.map((strategy) => [strategy, ...tasks.map((task) => cell(task, strategy))]);
  return {
    head: ['measured here', ...tasks.map((task) => `${task.name}: ${mainMeasure(task) ?? 'reward'}`)],
    rows,
    notes: [
      'Values with their 95% intervals.',
      ...tasks.map(
        (task) => `${task.name}: ${itemsOf(task)}, by ${mainMeasure(task) === undefined ? reward! : gradersOf(task)}.`,
      ),
      ...costNote(tasks, comparedWith),
    ],
  };
}

/** Tasks that the paper measures the alignment tax by. */
const TAXED = ['gsm8k', 'humaneval'];

function costNote(tasks: readonly TaskReport[], comparedWith: string): string[] {
  const taxed = tasks.filter(({ name }) => TAXED.includes(name)).map(({ name }) => name);
  if (taxed.length === 0) return [];
  return [
    `What alignment costs is what ${taxed.join(' and ')} ${taxed.length > 1 ? 'lose' : 'loses'} against ${comparedWith}: the differences and their intervals stand with each benchmark.`,
  ];
}

function cell(task: TaskReport, strategy: string): string {
  const measure = mainMeasure(task) === undefined ? rewardOf(task, strategy) : measureOf(task, strategy);
  if (measure?.value == null) return '';
  const format = formatOf(measure);
  const between = measure.interval ? ` (${measure.interval.map(format).join(' to ')})` : '';
  return `${format(measure.value)}${between}`;
}

/** A task that nothing grades is summed up by its rewards. */
function rewardOf(task: TaskReport, strategy: string): Pick<MeasureReport, 'kind' | 'value' | 'interval'> | undefined {
  const reward = task.strategies.find((one) => one.strategy === strategy)?.reward;
  return reward ? { kind: 'mean', value: reward.mean, interval: reward.interval } : undefined;
}

function hasRewards({ strategies }: TaskReport): boolean {
  return strategies.some(({ reward }) => reward !== null);
}

function measureOf(task: TaskReport, strategy: string): MeasureReport | undefined {
  const name = mainMeasure(task);
  return task.strategies.find((one) => one.strategy === strategy)?.measures.find((one) => one.name === name);
}

export function formatOf({ kind }: Pick<MeasureReport, 'kind'>): (value: number) => string {
  return (value) => (kind === 'share' ? `${(100 * value).toFixed(1)}%` : value.toFixed(2));
}

function itemsOf({ benchmark, input }: TaskReport): string {
  if (!benchmark) return `${input.lines} lines`;
  const { items, samples, version, form } = benchmark;
  return `${items} items${samples > 1 ? ` with ${samples} answers each` : ''}, version ${version}, form ${form}`;
}

function gradersOf(task: TaskReport): string {
  const name = mainMeasure(task);
  const measures = task.strategies.flatMap((strategy) => strategy.measures.filter((one) => one.name === name));
  return [...new Set(measures.map(({ by }) => by))].join(', ');
}

/** Only benchmarks that were asked here, by a measure that can stand beside the paper's. */
function published(tasks: readonly TaskReport[]): ReportTable[] {
  const names = tasks.filter(isComparable).map(({ name }) => name);
  const rows = PUBLISHED.filter(({ scores }) => names.some((name) => scores[name] !== undefined));
  if (rows.length === 0) return [];
  return [
    {
      head: ['PUBLISHED', ...names],
      rows: rows.map(({ models, scores }) => [models, ...names.map((name) => scores[name]?.toFixed(2) ?? '')]),
      notes: [`Not measured here. ${SOURCE}: other models, judges and hardware.`],
    },
  ];
}

export function isComparable(task: TaskReport): boolean {
  return COMPARABLE[task.name]?.measures.includes(mainMeasure(task) ?? '') ?? false;
}

function times({ tasks, comparedWith, settings, concurrency }: EvaluationReport): ReportTable {
  const strategies = [...new Set(tasks.flatMap((task) => task.strategies.map(({ strategy }) => strategy)))];
  const ratio = (task: TaskReport, name: string) => {
    if (name === comparedWith) return '1';
    const found = task.strategies.find(({ strategy }) => strategy === name)?.timeRatio;
    return found
      ? `${found.median.toFixed(2)} (${found.lowerQuartile.toFixed(2)} to ${found.upperQuartile.toFixed(2)})`
      : '';
  };
  return {
    head: [`time for a token, /${comparedWith}`, ...tasks.map(({ name }) => name)],
    rows: strategies.map((name) => [name, ...tasks.map((task) => ratio(task, name))]),
    notes: [
      `Medians and quartiles over the same lines, ${concurrency} at a time. What was on: ${switchesOf(settings)}.`,
    ],
  };
}

function switchesOf(settings: EvaluationReport['settings']): string {
  const { speculation = 'on', reproducible } = settings;
  const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return [
    `guesses by look-up (--speculation) ${said(speculation)}`,
    `--reproducible ${reproducible === undefined ? 'where possible, as by default' : said(reproducible)}`,
    'logits bounded or left out where a model allows it, for all strategies alike',
  ].join('; ');
}

function publishedTimes(): ReportTable {
  return {
    head: ['PUBLISHED time, /base', 'Llama-3-70B', 'Llama-3.1-70B', 'Gemma-2-27B'],
    rows: Object.entries(PUBLISHED_TIMES).map(([name, ratios]) => [name, ...ratios.map((ratio) => ratio.toFixed(2))]),
    notes: [`Not measured here. ${SOURCE}.`],
  };
}
