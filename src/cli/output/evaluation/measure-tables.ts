import type { MeasureReport, TaskReport } from '../../../studies/evaluate/evaluation-report.ts';
import type { ReportTable } from './report-table.ts';

type Interval = readonly [number, number];

/** A table for each measure, and those of choices and diversity; none for a file of prompts. */
export function measureTables(task: TaskReport, comparedWith: string): ReportTable[] {
  const { benchmark, choices } = task;
  if (!benchmark) return [];
  const shown = shownMeasures(task).map((name) => measureTable(name, task, comparedWith));
  const last = shown.length - 1;
  return [
    ...shown.map((table, i) => (i === last ? { ...table, notes: legend(task, comparedWith) } : table)),
    ...judgeTable(task),
    ...(choices ? [choiceTable(choices)] : []),
    diversityTable(task),
  ];
}

/** Names of the measures that are shown beside the report's own file. */
export function shownMeasures({ strategies }: TaskReport): string[] {
  const names = new Set(strategies.flatMap(({ measures }) => measures.map(({ name }) => name)));
  return [...names].filter((name) => !isDetail(name));
}

/** Measures of the same kind that only the report shows. */
function isDetail(name: string): boolean {
  return /^rouge[12]_|_diff$/.test(name);
}

function measureTable(name: string, { strategies }: TaskReport, comparedWith: string): ReportTable {
  const rows = strategies.flatMap(({ strategy, measures }) => {
    const measure = measures.find((one) => one.name === name);
    return measure ? [[strategy, ...cells(measure)]] : [];
  });
  const head = [name, 'value', 'interval', 'graded', 'errors as wrong', `− ${comparedWith}`, 'interval', 'p'];
  return { head, rows, notes: [] };
}

function cells(measure: MeasureReport): string[] {
  const format = (value: number) => (measure.kind === 'share' ? `${(100 * value).toFixed(1)}%` : value.toFixed(2));
  const between = (bounds: Interval | null | undefined) =>
    bounds ? `${format(bounds[0])} to ${format(bounds[1])}` : '';
  const { value, interval, graded, errorRate, errorsAsWorst, versusFirst } = measure;
  return [
    value === null ? '' : format(value),
    between(interval),
    errorRate === 0 ? String(graded) : `${graded} (${(100 * errorRate).toFixed(1)}% failed)`,
    errorRate === 0 ? '' : errorsAsWorst ? format(errorsAsWorst.value) : 'no such grade',
    versusFirst ? format(versusFirst.difference) : '',
    between(versusFirst?.interval),
    versusFirst?.p == null ? '' : versusFirst.p < 0.001 ? '< 0.001' : versusFirst.p.toFixed(3),
  ];
}

function legend({ benchmark, strategies }: TaskReport, comparedWith: string): string[] {
  const { items, samples, version, form } = benchmark!;
  const graders = [...new Set(strategies.flatMap(({ measures }) => measures.map(({ by }) => by)))].join(', ');
  const several = samples === 1 ? '' : `, ${samples} answers each`;
  return [
    `${items} items${several}, version ${version}, form ${form}; graded by ${graders}.`,
    `Intervals: 95%; − ${comparedWith}: the mean difference on the same items; p: two-sided, paired.`,
  ];
}

/** None where no judge was asked. */
function judgeTable({ strategies }: TaskReport): ReportTable[] {
  const percent = (share: number | null | undefined) => (share == null ? '' : `${(100 * share).toFixed(1)}%`);
  const rows = strategies.flatMap(({ strategy, judging }) => {
    if (!judging) return [];
    const { verdicts, missing, flips, length, noise } = judging;
    const between = flips ? ` (${percent(flips.interval[0])} to ${percent(flips.interval[1])})` : '';
    return [
      [
        ...[strategy, String(verdicts), String(missing), flips ? `${percent(flips.rate)}${between}` : ''],
        ...[percent(flips?.firstWins), length.correlation?.toFixed(2) ?? '', percent(length.longerWins)],
        ...[percent(noise?.changed), noise?.gradeDeviation.toFixed(2) ?? ''],
      ],
    ];
  });
  if (rows.length === 0) return [];
  return [
    {
      head: ['judge', 'verdicts', 'missing', 'flips', 'first wins', 'length r', 'longer wins', 'changed', 'deviation'],
      rows,
      notes: [
        'missing: questions without a verdict, which are no ties; flips: comparisons that the order decides; first wins: how often',
        'the answer shown first does; length r: correlation of verdict and length; changed, deviation: of repeated judgments.',
      ],
    },
  ];
}

function choiceTable({ by, mc1, mc2 }: NonNullable<TaskReport['choices']>): ReportTable {
  const row = (name: string, { value, interval, graded }: typeof mc1) => [
    name,
    value === null ? '' : `${(100 * value).toFixed(1)}%`,
    interval ? `${(100 * interval[0]).toFixed(1)}% to ${(100 * interval[1]).toFixed(1)}%` : '',
    String(graded),
  ];
  return {
    head: ['choices', 'value', 'interval', 'items'],
    rows: [row('mc1', mc1), row('mc2', mc2)],
    notes: [`By log-likelihoods of given answers under ${by}, which writes none of them.`],
  };
}

function diversityTable({ strategies }: TaskReport): ReportTable {
  const percent = (share: number | null) => (share === null ? '' : `${(100 * share).toFixed(1)}%`);
  const rows = strategies.flatMap(({ strategy, diversity }) =>
    diversity
      ? [[strategy, percent(diversity.distinct1), percent(diversity.distinct2), percent(diversity.sameResponse)]]
      : [],
  );
  return {
    head: ['diversity', 'distinct-1', 'distinct-2', 'same answer'],
    rows,
    notes: ['Different words and pairs of words, of all; answers that another item has word for word.'],
  };
}
