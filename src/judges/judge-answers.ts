import type { BenchmarkItem, Grades } from '../benchmarks/benchmark.ts';
import type { Judge, Judgment } from './judge.ts';
import type { Game, JudgeProtocol } from './protocols/judge-protocol.ts';

/** What one judgment of an item's answers came to. */
export interface JudgedAnswers {
  /** From 1 on. */
  readonly repeat: number;
  readonly judgments: readonly Judgment[];
  /** By measure; one whose verdict is missing is left out. */
  readonly grades: Grades;
  /** Of comparisons, as many as there are verdicts. */
  readonly games: readonly Game[];
}

export interface JudgeAnswersOptions {
  /** How often the same is judged, which tells the judge's own noise. Default: 1. */
  readonly repeats?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Has the answers to an item judged. @returns an entry for each repeat @throws as `Judge.ask` */
export async function judgeAnswers<Item extends BenchmarkItem>(
  judge: Judge,
  protocol: JudgeProtocol<Item>,
  { item, answers }: { readonly item: Item; readonly answers: readonly string[] },
  { repeats = 1, signal }: JudgeAnswersOptions = {},
): Promise<JudgedAnswers[]> {
  const questions = protocol.questions(item, answers);
  const judged = async (repeat: number): Promise<JudgedAnswers> => {
    const judgments = await Promise.all(questions.map((question) => judge.ask(question, { repeat, signal })));
    const verdicts = judgments.map(({ verdict }) => verdict);
    return {
      repeat,
      judgments,
      grades: protocol.grade(item, verdicts),
      games: (protocol.games?.(item, verdicts) ?? []).filter((game) => game !== undefined),
    };
  };
  return await Promise.all(Array.from({ length: repeats }, (_, index) => judged(index + 1)));
}
