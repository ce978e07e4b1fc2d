import { z } from 'zod';
import { mean } from '../../core/mean.ts';
import { clusteredMeanInterval } from '../../statistics/clustered-mean-interval.ts';
import type { Interval } from '../../statistics/interval.ts';
import { parseJudgeRating } from '../graders/judge-rating.ts';
import { groupByModel } from './group-by-model.ts';
import { readRecords } from './read-records.ts';
import type { Score } from './score.ts';

const RATING = 'expected a number from 1 to 10, or -1 where there is no rating';
const rating = z.number(RATING).refine((value) => value === -1 || (value >= 1 && value <= 10), RATING);
const line = z
  .object({
    question_id: z.union([z.int(), z.string()], 'expected a text or a whole number'),
    model: z.string(),
    judge: z.unknown(),
    turn: z.literal([1, 2], 'expected 1 or 2'),
    score: rating.optional(),
    judgment: z.string().optional(),
  })
  .refine(({ score, judgment }) => score !== undefined || judgment !== undefined, 'expected a score or a judgment');
type MtBenchLine = z.infer<typeof line>;

/** Ratings from 1 to 10; one is null where there is none. */
interface MtBenchScore {
  readonly model: string;
  /** Mean of all ratings of both turns. */
  readonly score: number | null;
  readonly interval: Interval | null;
  readonly firstTurn: number | null;
  readonly secondTurn: number | null;
  /** The first score with judgments without a rating counted as 1, the worst. */
  readonly scoreErrorsWorst: number | null;
  /** Ratings. */
  readonly n: number;
  /** Judgments without a rating. */
  readonly errors: number;
}

const WORST = 1;

export async function scoreMtBench(path: string): Promise<Score> {
  const lines = (await readRecords(path, line)).map(({ value }) => value);
  const models = groupByModel(lines).map(([model, own]) => scoreModel(model, own));
  const judge = [...new Set(lines.map((row) => judgeName(row.judge)))];
  return {
    result: { ...(models.length === 1 ? models[0] : { models }), judge: judge.length === 1 ? judge[0] : judge },
    figures: models.flatMap((row) =>
      [
        { name: row.model, value: row.score, interval: row.interval ?? undefined },
        { name: `${row.model}, first turn`, value: row.firstTurn },
        { name: `${row.model}, second turn`, value: row.secondTurn },
        { name: `${row.model}, errors as 1`, value: row.scoreErrorsWorst },
      ].flatMap(({ value, ...rest }) => (value === null ? [] : [{ ...rest, value, unit: 'points' as const }])),
    ),
    notes: [
      `Mean ratings from 1 to 10. Judge: ${judge.join(', ')}.`,
      ...models.map((row) => `${row.model}: ${row.n} ratings, ${row.errors} judgments without one.`),
      'Intervals: 95%, 1000 seeded resamples of questions; both turns of one go together.',
    ],
  };
}

function scoreModel(model: string, lines: readonly MtBenchLine[]): MtBenchScore {
  const rated = lines.flatMap((row) => {
    const rating = ratingOf(row);
    return rating === undefined ? [] : [{ ...row, rating }];
  });
  const ratingsOf = (turn: number) => rated.filter((row) => row.turn === turn).map(({ rating }) => rating);
  const all = rated.map(({ rating }) => rating);
  const errors = lines.length - rated.length;
  return {
    model,
    score: meanOrNull(all),
    interval: clusteredMeanInterval(byQuestion(rated)) ?? null,
    firstTurn: meanOrNull(ratingsOf(1)),
    secondTurn: meanOrNull(ratingsOf(2)),
    scoreErrorsWorst: meanOrNull([...all, ...Array<number>(errors).fill(WORST)]),
    n: all.length,
    errors,
  };
}

/** −1 marks a judgment in which no rating was found. */
function ratingOf({ score, judgment }: MtBenchLine): number | undefined {
  if (score === undefined) return judgment === undefined ? undefined : parseJudgeRating(judgment);
  return score === -1 ? undefined : score;
}

function byQuestion(rows: readonly (MtBenchLine & { readonly rating: number })[]): number[][] {
  const questions = groupByModel(rows.map((row) => ({ model: String(row.question_id), rating: row.rating })));
  return questions.map(([, ratings]) => ratings.map(({ rating }) => rating));
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean(values);
}

/** A judge is a name, or a name and its prompt, which differs from question to question. */
function judgeName(judge: unknown): string {
  const name: unknown = Array.isArray(judge) ? judge[0] : judge;
  return typeof name === 'string' ? name : JSON.stringify(name ?? null);
}
