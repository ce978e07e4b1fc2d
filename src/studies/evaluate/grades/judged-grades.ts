import { join } from 'node:path';
import type { BenchmarkItem, Grades } from '../../../benchmarks/benchmark.ts';
import { DataSource } from '../../../benchmarks/data/data-source.ts';
import { EngineError, WellbegunError } from '../../../core/errors.ts';
import { describeEstimate, estimateJudging } from '../../../judges/estimate-judging.ts';
import { judgeAnswers } from '../../../judges/judge-answers.ts';
import type { Judge } from '../../../judges/judge.ts';
import { openJudge } from '../../../judges/open-judge.ts';
import { parseJudgeReference } from '../../../judges/parse-judge-reference.ts';
import { probeJudge } from '../../../judges/probe-judge.ts';
import type { JudgeProtocol } from '../../../judges/protocols/judge-protocol.ts';
import { PROTOCOLS } from '../../../judges/protocols/protocols.ts';
import { type Failure, isFailure } from '../../../recording/failure.ts';
import { workThrough } from '../../../recording/work-through.ts';
import { type Evaluation, type StrategyJob, type TaskJobs, WORDS } from '../open-evaluation.ts';
import { type Answer, isAnswer, readAnswers, turnsOf } from '../read-answers.ts';
import { itemOf } from '../tasks/task.ts';
import type { Graded } from './grade-recording.ts';

/** What the judge said, each reply once, whatever benchmark it is of. */
const REPLIES = 'judge.replies.jsonl';
const MOST_WORDS = 2000;

/** How a task is judged: undefined for files of prompts, and for benchmarks without a protocol. */
export async function protocolOf({ task }: TaskJobs, { options }: Evaluation): Promise<JudgeProtocol | undefined> {
  const name = task.benchmark?.value.name;
  if (options.chatJudge === undefined || name === undefined || !Object.hasOwn(PROTOCOLS, name)) return undefined;
  return await PROTOCOLS[name]!(options.data ?? new DataSource(), {});
}

/** The judge and the protocol as they stand with every number. */
export function judgeSource({ chatJudge }: Evaluation['options'], { name, version }: JudgeProtocol): string {
  const { address } = parseJudgeReference(chatJudge!.reference);
  return `judge ${address.model ?? address.url}, ${name}, ${version}`;
}

/** Has all answers judged that have no verdict yet, after the judge was tried. */
export async function judgeTasks(evaluation: Evaluation): Promise<void> {
  const { chatJudge, retryFailed, notice, signal } = evaluation.options;
  if (!chatJudge) return;
  const work: JudgedTask[] = [];
  for (const task of evaluation.tasks) {
    const protocol = await protocolOf(task, evaluation);
    if (protocol) work.push({ task, protocol, open: await openAnswers(task, protocol, evaluation) });
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
    asked.map(({ protocol }) => protocol),
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
  readonly protocol: JudgeProtocol;
  readonly open: readonly OpenAnswer[];
}

async function openAnswers(task: TaskJobs, protocol: JudgeProtocol, evaluation: Evaluation): Promise<OpenAnswer[]> {
  const source = judgeSource(evaluation.options, protocol);
  const open: OpenAnswer[] = [];
  for (const job of task.jobs) {
    for await (const answer of readAnswers(job.batch.job.path)) {
      if (!isAnswer(answer) || !task.asked.has(answer.line)) continue;
      const graded = job.grades!.of(answer.line, source, judgedText(answer));
      if (!graded || (evaluation.options.retryFailed && isFailure(graded))) open.push({ job, answer });
    }
  }
  return open;
}

/** What a verdict depends on of an answer: all its turns. */
export function judgedText(answer: Answer): string {
  return JSON.stringify(turnsOf(answer).map(({ text }) => text));
}

function* questionsOf(tasks: readonly JudgedTask[]) {
  for (const { task, protocol, open } of tasks) {
    for (const { answer } of open) yield* protocol.questions(itemAt(task, answer), textsOf(answer));
  }
}

function itemAt({ task }: TaskJobs, { line }: Answer): BenchmarkItem {
  return itemOf(task.benchmark!, line);
}

function textsOf(answer: Answer): string[] {
  return turnsOf(answer).map(({ text }) => text);
}

async function judgeTask(judge: Judge, { task, protocol, open }: JudgedTask, evaluation: Evaluation): Promise<void> {
  const { watch, chatJudge, signal } = evaluation.options;
  const source = judgeSource(evaluation.options, protocol);
  const told = watch?.grades?.(`${task.task.name} by ${source}`, open.length);
  let wasStopped = true;
  try {
    await workThrough<OpenAnswer, Graded>(each(open), {
      concurrency: judge.concurrency,
      signal,
      endsAll: (error) => error instanceof WellbegunError,
      answer: async ({ answer }, stop) => {
        const asked = { item: itemAt(task, answer), answers: textsOf(answer) };
        const judged = await judgeAnswers(judge, protocol, asked, { repeats: chatJudge!.repeats, signal: stop });
        return gradedBy(judged);
      },
      async record({ job, answer }, outcome) {
        await job.grades!.append(answer.line, source, judgedText(answer), outcome);
        told?.add?.(answer.line, isFailure(outcome) ? outcome : undefined);
      },
    });
    wasStopped = false;
  } finally {
    told?.end?.({ wasStopped });
  }
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
  return { grades, words: words.slice(0, MOST_WORDS) };
}

function meanOf(judged: readonly { readonly grades: Grades }[], name: string): number {
  const values = judged.flatMap(({ grades }) => grades[name] ?? []);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T, void, void> {
  yield* items;
  await Promise.resolve();
}
