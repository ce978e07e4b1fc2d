import type { BenchmarkItem } from '../../../benchmarks/benchmark.ts';
import { codePoints } from '../../../core/code-points.ts';
import { flipRate } from '../../../judges/bias/flip-rate.ts';
import { type JudgeNoise, judgeNoise } from '../../../judges/bias/judge-noise.ts';
import { lengthBias } from '../../../judges/bias/length-bias.ts';
import type { Game, JudgedAnswer, JudgeProtocol } from '../../../judges/protocols/judge-protocol.ts';
import { correlation } from '../../../statistics/correlation.ts';
import type { Interval } from '../../../statistics/interval.ts';
import type { Graded } from '../grades/grade-recording.ts';

/** An answer with what a judge made of it. */
export interface JudgedLine {
  readonly line: number;
  readonly item: BenchmarkItem;
  /** The text of each turn. */
  readonly answers: readonly string[];
  /** Undefined where the judge failed, or was not asked. */
  readonly graded: Graded | undefined;
}

/** How far a judge can be believed, as far as its verdicts tell. */
export interface Judging {
  /** Questions that it answered, and those to which it gave no verdict, of all repeats; of answers with a grade. */
  readonly verdicts: number;
  readonly missing: number;
  /** Of comparisons in both orders: see `flipRate`. */
  readonly flips: {
    readonly n: number;
    readonly rate: number;
    readonly interval: Interval;
    readonly firstWins: number;
  } | null;
  /** See `lengthBias`; of grades without comparisons the correlation with the answer's length. */
  readonly length: { readonly n: number; readonly correlation: number | null; readonly longerWins: number | null };
  /** Of two repeats or more: see `judgeNoise`. */
  readonly noise: JudgeNoise | null;
}

export function judgingOf(lines: readonly JudgedLine[], protocol: JudgeProtocol): Judging {
  const judged = lines.filter(({ graded }) => graded !== undefined);
  const judgments = judged.flatMap(({ graded }) => graded!.judgments ?? []);
  const asked = judged.reduce((sum, line) => {
    const questions = protocol.questions(line.item, line.answers).length;
    return sum + questions * (line.graded!.judgments?.length ?? 1);
  }, 0);
  const missing = judgments.reduce((sum, one) => sum + one.missing, 0);
  return {
    verdicts: asked - missing,
    missing,
    flips: flipRate(judged.flatMap(({ graded }) => (graded!.judgments ?? []).map(({ games = [] }) => games))) ?? null,
    length: protocol.baselineLength ? gameLengths(judged, protocol) : gradeLengths(judged, protocol),
    noise: judgeNoise(judged.map(({ graded }) => gradesOverRepeats(graded!, protocol))) ?? null,
  };
}

export function toJudgedAnswer({ item, answers, graded }: JudgedLine): JudgedAnswer {
  return { item, answers, games: gamesOf(graded) };
}

function gamesOf(graded: Graded | undefined): Game[] {
  return graded?.judgments?.flatMap(({ games = [] }) => games) ?? [];
}

function gameLengths(judged: readonly JudgedLine[], protocol: JudgeProtocol): Judging['length'] {
  const games = judged.flatMap(({ item, answers: [answer = ''], graded }) =>
    gamesOf(graded).map((game) => ({
      ...{ game, answerLength: codePoints(answer), baselineLength: protocol.baselineLength!(item) },
    })),
  );
  const { n, correlation: found = null, longerWins = null } = lengthBias(games);
  return { n, correlation: found, longerWins };
}

function gradeLengths(judged: readonly JudgedLine[], protocol: JudgeProtocol): Judging['length'] {
  const known = judged.flatMap(({ answers, graded }) => {
    const grade = mainGrade(graded!, protocol);
    return grade === undefined ? [] : [[codePoints(answers.join('')), grade] as const];
  });
  const found = correlation(
    known.map(([length]) => length),
    known.map(([, grade]) => grade),
  );
  return { n: known.length, correlation: found ?? null, longerWins: null };
}

function mainGrade({ grades }: Pick<Graded, 'grades'>, { measures }: JudgeProtocol): number | undefined {
  return grades[measures[0]!.name];
}

function gradesOverRepeats({ judgments = [] }: Graded, protocol: JudgeProtocol): (number | undefined)[] {
  return judgments.map((one) => mainGrade(one, protocol));
}
