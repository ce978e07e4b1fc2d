import { join } from 'node:path';
import type { BenchmarkItem, Grades } from '../../../benchmarks/benchmark.ts';
import { EngineError, WellbegunError } from '../../../core/errors.ts';
import { describeEstimate, estimateJudging } from '../../../judges/estimate-judging.ts';
import { type JudgedAnswers, judgeAnswers } from '../../../judges/judge-answers.ts';
import type { Judge } from '../../../judges/judge.ts';
import { openJudge } from '../../../judges/open-judge.ts';
import { parseJudgeReference } from '../../../judges/parse-judge-reference.ts';
import { probeJudge } from '../../../judges/probe-judge.ts';
import { type Failure, isFailure } from '../../../recording/failure.ts';
import { watched } from '../../../recording/watched.ts';
import { workThrough } from '../../../recording/work-through.ts';
import { type Evaluation, type StrategyJob, type TaskJobs, WORDS } from '../open-evaluation.ts';
import { type Answer, answersTo, textsOf } from '../read-answers.ts';
import { itemOf } from '../tasks/task.ts';
import type { Graded, JudgmentRecord } from './grade-recording.ts';
import type { JudgedBy } from './judged-by.ts';

/** What the judge said, each reply once, whatever benchmark it is of. */
const REPLIES = 'judge.replies.jsonl';
const MOST_WORDS = 2000;

/** Has all answers judged that have no verdict yet, after the judge was tried. */
export async function judgeTasks(evaluation: Evaluation): Promise<void> {
  const { chatJudge, retryFailed, notice, signal } = evaluation.options;
  if (!chatJudge) return;
  const work: JudgedTask[] = [];
  for (const task of evaluation.tasks) {
    const { judged } = task;
    if (judged) work.push({ task, judged, open: await openAnswers(task, judged, evaluation) });
  }
  const asked = work.filter(({ open }) => open.length > 0);
  if (asked.length === 0) return;
  await using judge = await openJudge({
    ...chatJudge,
    ...WORDS,
    reference: parseJudgeReference(chatJudge.reference),
    store: join(evaluation.folder, REPLIES),
    ...{ retryFailed, notice, signal },
  });
  const { faults, bytesPerToken } = await probeJudge(
    judge,
    asked.map(({ judged }) => judged.protocol),
    signal,
  );
  if (faults[0]) throw new EngineError(judge.name, faults[0].code, faults[0].message);
  const { repeats } = chatJudge;
  const estimate = estimateJudging(judge, questionsOf(asked), { repeats, bytesPerToken });
  const words = describeEstimate(judge.name, estimate);
  notice?.(words);
  if (estimate.calls > 0 && chatJudge.confirm && !(await chatJudge.confirm(words))) return;
  for (const one of asked) await judgeTask(judge, one, evaluation);
}

interface OpenAnswer {
  readonly job: StrategyJob;
  readonly answer: Answer;
}

interface JudgedTask {
  readonly task: TaskJobs;
  readonly judged: JudgedBy;
  readonly open: readonly OpenAnswer[];
}

async function openAnswers(task: TaskJobs, { source }: JudgedBy, evaluation: Evaluation): Promise<OpenAnswer[]> {
  const open: OpenAnswer[] = [];
  for (const job of task.jobs) {
    for await (const answer of answersTo(job.batch.job.path, task.asked)) {
      const graded = job.grades!.of(answer.line, source, judgedText(answer));
      if (!graded || (evaluation.options.retryFailed && hasFailedInPart(graded))) open.push({ job, answer });
    }
  }
  return open;
}

/** The replies that are there are kept: only questions without a verdict are asked again. */
function hasFailedInPart(graded: Graded | Failure): boolean {
  return isFailure(graded) || (graded.judgments?.some(({ missing }) => missing > 0) ?? false);
}

/** What a verdict depends on of an answer: all its turns. */
export function judgedText(answer: Answer): string {
  return JSON.stringify(textsOf(answer));
}

function* questionsOf(tasks: readonly JudgedTask[]) {
  for (const { task, judged, open } of tasks) {
    for (const { answer } of open) yield* judged.protocol.questions(itemAt(task, answer), textsOf(answer));
  }
}

function itemAt({ task }: TaskJobs, { line }: Answer): BenchmarkItem {
  return itemOf(task.benchmark!, line);
}

async function judgeTask(judge: Judge, { task, judged, open }: JudgedTask, evaluation: Evaluation): Promise<void> {
  const { watch, chatJudge, signal } = evaluation.options;
  const { protocol, source } = judged;
  const told = watch?.grades?.(`${task.task.name} by ${source}`, open.length);
  await watched(told, () =>
    workThrough<OpenAnswer, Graded>(open, {
      concurrency: judge.concurrency,
      signal,
      endsAll: (error) => error instanceof WellbegunError,
      answer: async ({ answer }, stop) => {
        const asked = { item: itemAt(task, answer), answers: textsOf(answer) };
        return gradedBy(await judgeAnswers(judge, protocol, asked, { repeats: chatJudge!.repeats, signal: stop }));
      },
      async record({ job, answer }, outcome) {
        await job.grades!.append(answer.line, source, judgedText(answer), outcome);
        told?.add?.(answer.line, isFailure(outcome) ? outcome : undefined);
      },
    }),
  );
}

/** The mean of all repeats, by measure; a failure where no repeat has a verdict. */
function gradedBy(judged: Awaited<ReturnType<typeof judgeAnswers>>): Graded | Failure {
  const names = new Set(judged.flatMap(({ grades }) => Object.keys(grades)));
  const judgments = judged.flatMap((one) => one.judgments);
  if (names.size === 0) {
    return judgments.find(({ failure }) => failure)?.failure ?? { code: 'no-verdict', message: 'There is no verdict.' };
  }
  const grades: Grades = Object.fromEntries([...names].map((name) => [name, meanOf(judged, name)]));
  const words = judgments.map((judgment) => judgment.words ?? '').join('\n\n');
  return { grades, words: words.slice(0, MOST_WORDS), judgments: judged.map(toRecord) };
}

function meanOf(judged: readonly { readonly grades: Grades }[], name: string): number {
  const values = judged.flatMap(({ grades }) => grades[name] ?? []);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function toRecord({ grades, games, judgments }: JudgedAnswers): JudgmentRecord {
  const missing = judgments.filter(({ verdict }) => verdict === undefined).length;
  return { grades, ...(games.length > 0 && { games: [...games] }), missing };
}
