import type { Grades, Measure } from '../../../benchmarks/benchmark.ts';
import { type Diversity, diversityOf } from '../../../benchmarks/graders/diversity.ts';
import { passAtK } from '../../../benchmarks/graders/pass-at-k.ts';
import { type Failure, isFailure } from '../../../recording/failure.ts';
import type { Graded } from '../grades/grade-recording.ts';
import type { JudgedBy } from '../grades/judged-by.ts';
import { judgedText } from '../grades/judged-grades.ts';
import { sandboxSource } from '../grades/program-grades.ts';
import type { StrategyJob, TaskJobs } from '../open-evaluation.ts';
import { type Answer, answersTo, textsOf } from '../read-answers.ts';
import { type AskedBenchmark, itemOf } from '../tasks/task.ts';
import type { ItemGrades } from './summarise-measure.ts';

/** A measure, who took it, and what it is of each item. */
export interface MeasuredItems {
  readonly measure: Measure;
  readonly by: string;
  readonly items: ItemGrades;
}

export interface MeasuredAnswers {
  readonly measures: readonly MeasuredItems[];
  readonly diversity: Diversity;
}

/** Those numbers of samples for which HumanEval has a measure. */
const PASSES = [1, 10, 100];

/** One strategy's responses to a benchmark, by all measures. */
export async function measureAnswers(job: StrategyJob, { task, asked, judged }: TaskJobs): Promise<MeasuredAnswers> {
  const benchmark = task.benchmark!;
  const answers: Answer[] = [];
  for await (const answer of answersTo(job.batch.job.path, asked)) answers.push(answer);
  return {
    measures: [
      ...measuredByRules(answers, benchmark, asked),
      ...measuredBySandbox(answers, benchmark, asked, job),
      ...(judged ? measuredByJudge(answers, benchmark, asked, job, judged) : []),
    ],
    diversity: diversityOf(answers.flatMap(textsOf)),
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

function measuredByJudge(
  answers: readonly Answer[],
  benchmark: AskedBenchmark,
  asked: Asked,
  { grades }: StrategyJob,
  { protocol, source }: JudgedBy,
): MeasuredItems[] {
  const judged = recordedGrades(answers, (answer) => grades!.of(answer.line, source, judgedText(answer)));
  return protocol.measures.map((measure) => ({
    measure,
    by: source,
    items: byItem(benchmark, asked, (line) => judged.get(line)?.[measure.name]),
  }));
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
