import type { LineSet } from '../../batch/line-set.ts';
import { SWITCH_REASONS, type SwitchReason } from '../../core/decode-event.ts';
import { type Answer, isAnswer, readAnswers } from './read-answers.ts';
import { repeatedShare } from './repeated-share.ts';
import type { Rewards } from './grades/rewards.ts';

/** What is known of each response, in its unit. */
const NAMES = [
  'tokens',
  'draftedTokens',
  /** k, of responses with a switch. */
  'switchIndex',
  'totalMs',
  'msPerToken',
  'firstTokenMs',
  'repeatedShare',
  'reward',
] as const;

type ColumnName = (typeof NAMES)[number];

/** One strategy's responses in numbers; no text is kept. */
export interface AnswerColumns {
  readonly answered: number;
  readonly failed: number;
  /** Responses that their limit of tokens ended. */
  readonly cut: number;
  /** How many responses the base took over for each reason. */
  readonly reasons: Readonly<Record<SwitchReason, number>>;
  /** Each [lines of the input + 1], by the line's number; NaN where there is no such number. */
  readonly columns: Readonly<Record<ColumnName, Float64Array>>;
}

export interface AnswersRead {
  readonly path: string;
  /** How many lines the input has. */
  readonly lines: number;
  /** The lines that count. */
  readonly asked: LineSet;
  readonly rewards: Pick<Rewards, 'of'> | undefined;
}

export async function readColumns({ path, lines, asked, rewards }: AnswersRead): Promise<AnswerColumns> {
  const columns = Object.fromEntries(
    NAMES.map((name) => [name, new Float64Array(lines + 1).fill(Number.NaN)]),
  ) as Record<ColumnName, Float64Array>;
  const reasons = Object.fromEntries(SWITCH_REASONS.map((reason) => [reason, 0])) as Record<SwitchReason, number>;
  const counts = { answered: 0, failed: 0, cut: 0 };
  for await (const answer of readAnswers(path)) {
    if (!asked.has(answer.line)) continue;
    if (!isAnswer(answer)) {
      counts.failed++;
      continue;
    }
    counts.answered++;
    if (answer.finishReason === 'length') counts.cut++;
    if (answer.switch) reasons[answer.switch.reason]++;
    const numbers = numbersOf(answer, rewards);
    for (const name of NAMES) columns[name][answer.line] = numbers[name];
  }
  return { ...counts, reasons, columns };
}

function numbersOf(answer: Answer, rewards: AnswersRead['rewards']): Record<ColumnName, number> {
  const { line, text, usage, timings } = answer;
  const tokens = usage.keptDraftTokens + usage.baseTokens;
  return {
    tokens,
    draftedTokens: usage.keptDraftTokens,
    switchIndex: answer.switch?.index ?? Number.NaN,
    totalMs: timings.totalMs,
    msPerToken: tokens === 0 ? Number.NaN : timings.totalMs / tokens,
    firstTokenMs: timings.firstTokenMs ?? Number.NaN,
    repeatedShare: repeatedShare(text),
    reward: rewards?.of(line, text) ?? Number.NaN,
  };
}
