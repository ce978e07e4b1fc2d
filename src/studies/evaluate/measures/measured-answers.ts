import type { Grades, Measure } from '../../../benchmarks/benchmark.ts';
import { type Diversity, diversityOf } from '../../../benchmarks/graders/diversity.ts';
import { passAtK } from '../../../benchmarks/graders/pass-at-k.ts';
import { type Failure, isFailure } from '../../../recording/failure.ts';
import type { Graded } from '../grades/grade-recording.ts';
import type { JudgedBy } from '../grades/judged-by.ts';
import type { PooledMeasure } from '../../../judges/protocols/judge-protocol.ts';
import { judgedText } from '../grades/judged-grades.ts';
import { sandboxSource } from '../grades/program-grades.ts';
import type { StrategyJob, TaskJobs } from '../open-evaluation.ts';
import { type Answer, answersTo, textsOf } from '../read-answers.ts';
import { type AskedBenchmark, itemOf } from '../tasks/task.ts';
import { type JudgedLine, type Judging, judgingOf, toJudgedAnswer } from './judging.ts';
import type { ItemGrades } from './summarise-measure.ts';

/** A measure, who took it, and what it is of each item. */
export interface MeasuredItems {
  readonly measure: Measure;
  readonly by: string;
  readonly items: ItemGrades;
  /** Of all answers together, where that is not the mean of the items' grades. */
  readonly pooled?: Pick<PooledMeasure, 'value' | 'interval'> | undefined;
}

export interface MeasuredAnswers {
  readonly measures: readonly MeasuredItems[];
  readonly diversity: Diversity;
  /** How the judge went about it; undefined without one. */
  readonly judging: Judging | undefined;
}

/** Those numbers of samples for which HumanEval has a measure. */
const PASSES = [1, 10, 100];

/** One strategy's responses to a benchmark, by all measures. */
export async function measureAnswers(job: StrategyJob, { task, asked, judged }: TaskJobs): Promise<MeasuredAnswers> {
  const benchmark = task.benchmark!;
  const answers: Answer[] = [];
  for await (const answer of answersTo(job.batch.job.path, asked)) answers.push(answer);
  const verdicts = judged && judgedAnswers(answers, benchmark, job, judged);
  return {
    measures: [
      ...measuredByRules(answers, benchmark, asked),
      ...measuredBySandbox(answers, benchmark, asked, job),
      ...(judged ? await measuredByJudge(verdicts!, benchmark, asked, judged) : []),
    ],
    diversity: diversityOf(answers.flatMap(textsOf)),
    judging: verdicts && judgingOf(verdicts, judged.protocol),
  };
}

type Asked = TaskJobs['asked'];

function measuredByRules(answers: readonly Answer[], benchmark: AskedBenchmark, asked: Asked): MeasuredItems[] {
  const { grader } = benchmark.value;
  if (!grader) return [];
  const grades = new Map(answers.map(({ line, text }) => [line, grader.grade(itemOf(benchmark, line), text)]));
  return grader.measures.map((measure) => ({
    measure,
    by: 'rules',
    items: byItem(benchmark, asked, (line) => grades.get(line)?.[measure.name]),
  }));
}

function measuredBySandbox(
  answers: readonly Answer[],
  benchmark: AskedBenchmark,
  asked: Asked,
  { grades }: StrategyJob,
): MeasuredItems[] {
  if (!benchmark.value.program) return [];
  const source = sandboxSource(benchmark.value);
  const passed = recordedGrades(answers, ({ line, text }) => grades!.of(line, source, text));
  const items = byItem(benchmark, asked, (line) => passed.get(line)?.['passed']);
  return PASSES.filter((k) => k <= benchmark.samples).map((k) => ({
    measure: { name: `pass@${k}`, kind: k === 1 ? 'share' : 'mean', worst: 0 },
    by: 'sandbox',
    items: k === 1 ? items : items.map((grades) => [chanceOf(grades, k)]),
  }));
}

async function measuredByJudge(
  verdicts: readonly JudgedLine[],
  benchmark: AskedBenchmark,
  asked: Asked,
  { protocol, source }: JudgedBy,
): Promise<MeasuredItems[]> {
  const grades = new Map(verdicts.map(({ line, graded }) => [line, graded?.grades]));
  const pooled = (await protocol.pooled?.(verdicts.map(toJudgedAnswer))) ?? [];
  return [
    ...pooled.map(({ measure, value, interval }) => ({
      ...{ measure, by: source, pooled: { value, interval } },
      items: byItem(benchmark, asked, (line) => (grades.get(line) ? 1 : undefined)),
    })),
    ...protocol.measures.map((measure) => ({
      measure,
      by: source,
      items: byItem(benchmark, asked, (line) => grades.get(line)?.[measure.name]),
    })),
  ];
}

function judgedAnswers(
  answers: readonly Answer[],
  benchmark: AskedBenchmark,
  { grades }: StrategyJob,
  { source }: JudgedBy,
): JudgedLine[] {
  return answers.map((answer) => {
    const graded = grades!.of(answer.line, source, judgedText(answer));
    const item = itemOf(benchmark, answer.line);
    return {
      line: answer.line,
      item,
      answers: textsOf(answer),
      graded: graded && !isFailure(graded) ? graded : undefined,
    };
  });
}

/** By line, without failures. */
function recordedGrades(
  answers: readonly Answer[],
  gradedOf: (answer: Answer) => Graded | Failure | undefined,
): ReadonlyMap<number, Grades> {
  const found = new Map<number, Grades>();
  for (const answer of answers) {
    const graded = gradedOf(answer);
    if (graded && !isFailure(graded)) found.set(answer.line, graded.grades);
  }
  return found;
}

function chanceOf(grades: readonly (number | undefined)[], k: number): number | undefined {
  const known = grades.filter((grade) => grade !== undefined);
  return passAtK(known.length, known.filter((grade) => grade === 1).length, k);
}

/** The grades of each item that was asked, of all its samples. */
function byItem(
  { items, samples }: AskedBenchmark,
  asked: Asked,
  gradeOf: (line: number) => number | undefined,
): (number | undefined)[][] {
  return items.flatMap((_, index) => {
    const lines = Array.from({ length: samples }, (_, sample) => index * samples + sample + 1);
    const counted = lines.filter((line) => asked.has(line));
    return counted.length === 0 ? [] : [counted.map(gradeOf)];
  });
}
