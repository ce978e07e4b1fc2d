import { z } from 'zod';
import type { Interval } from '../../statistics/interval.ts';
import {
  type ArenaBattle,
  arenaInterval,
  arenaWinRate,
  STRONG_WEIGHT,
  toArenaBattle,
} from '../graders/arena-battle.ts';
import { type ArenaVerdict, parseArenaVerdict, toArenaVerdict } from '../graders/arena-verdict.ts';
import { groupByModel } from './group-by-model.ts';
import { readRecords } from './read-records.ts';
import type { Score } from './score.ts';

const GAMES = 'expected a list of one or two games';
const game = z.object({ score: z.string().nullish(), judgment: z.string().nullish() });
const line = z.object({
  question_id: z.union([z.string(), z.number()], 'expected a text or a number'),
  model: z.string(),
  judge: z.unknown(),
  games: z.array(game, GAMES).min(1, GAMES).max(2, GAMES),
});
type ArenaLine = z.infer<typeof line>;

/** In percent; win rates against the baseline. One is null where no game has a verdict. */
interface ArenaScore {
  readonly model: string;
  /** Games of `>>` count thrice. */
  readonly score: number | null;
  readonly interval: Interval | null;
  /** Every game counts once. */
  readonly scoreWeight1: number | null;
  readonly intervalWeight1: Interval | null;
  /** The first score with games without a verdict counted as lost. */
  readonly scoreErrorsLost: number;
  /** Questions. */
  readonly n: number;
  readonly games: number;
  /** Games without a verdict. */
  readonly errors: number;
}

export async function scoreArenaHard(path: string): Promise<Score> {
  const lines = (await readRecords(path, line)).map(({ value }) => value);
  const models = groupByModel(lines).map(([model, own]) => scoreModel(model, own));
  const judge = [...new Set(lines.map((row) => JSON.stringify(row.judge)))].map((text) => JSON.parse(text) as unknown);
  return {
    result: { ...(models.length === 1 ? models[0] : { models }), judge: judge.length === 1 ? judge[0] : judge },
    figures: models.flatMap((row) =>
      [
        { name: row.model, value: row.score, interval: row.interval ?? undefined },
        { name: `${row.model}, weight 1`, value: row.scoreWeight1, interval: row.intervalWeight1 ?? undefined },
        { name: `${row.model}, errors lost`, value: row.scoreErrorsLost },
      ].flatMap(({ value, ...rest }) => (value === null ? [] : [{ ...rest, value, unit: 'percent' as const }])),
    ),
    notes: [
      `Win rates against gpt-4-0314; a verdict with >> counts thrice, or once with weight 1. Judge: ${JSON.stringify(judge)}.`,
      ...models.map((row) => `${row.model}: ${row.n} questions, ${row.games} games, ${row.errors} without a verdict.`),
      'Intervals: 95%, 1000 seeded resamples of questions.',
    ],
  };
}

function scoreModel(model: string, lines: readonly ArenaLine[]): ArenaScore {
  const verdicts = lines.map(({ games }) => games.map(verdictOf));
  const strong = battlesOf(verdicts, STRONG_WEIGHT);
  const plain = battlesOf(verdicts, 1);
  const all = verdicts.flat();
  const errors = all.filter((verdict) => verdict === undefined).length;
  const lost = Array.from({ length: errors }, () => ({ outcome: 0, weight: 1 }));
  return {
    model,
    score: percentOrNull(strong.flat()),
    interval: intervalOf(strong),
    scoreWeight1: percentOrNull(plain.flat()),
    intervalWeight1: intervalOf(plain),
    scoreErrorsLost: 100 * arenaWinRate([...strong.flat(), ...lost]),
    n: lines.length,
    games: all.length,
    errors,
  };
}

/** A judgment is read where its file does not say what was read in it. */
function verdictOf({ score, judgment }: z.infer<typeof game>): ArenaVerdict | undefined {
  if (score !== undefined) return toArenaVerdict(score);
  return typeof judgment === 'string' ? parseArenaVerdict(judgment) : undefined;
}

/** Of each question. In the second game the model is A. */
function battlesOf(
  verdicts: readonly (readonly (ArenaVerdict | undefined)[])[],
  strongWeight: number,
): (readonly ArenaBattle[])[] {
  return verdicts.map((games) =>
    games.flatMap((verdict, index) => (verdict ? [toArenaBattle(verdict, index === 1, strongWeight)] : [])),
  );
}

function percentOrNull(battles: readonly ArenaBattle[]): number | null {
  return battles.length === 0 ? null : 100 * arenaWinRate(battles);
}

function intervalOf(questions: readonly (readonly ArenaBattle[])[]): Interval | null {
  const found = arenaInterval(questions);
  return found && [100 * found[0], 100 * found[1]];
}
