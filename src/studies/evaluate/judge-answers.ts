import { open } from 'node:fs/promises';
import type { LineSet } from '../../batch/line-set.ts';
import { parseLine } from '../../batch/parse-line.ts';
import { readLineAt } from '../../batch/read-input-lines.ts';
import type { LineIndex } from '../../batch/scan-input.ts';
import { EngineError } from '../../core/errors.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import { rewardOf } from '../../core/rewards-of.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import { type Failure, isFailure } from '../../recording/failure.ts';
import { type WorkOptions, workThrough } from '../../recording/work-through.ts';
import { type Answer, isAnswer, readAnswers } from './read-answers.ts';
import type { Rewards } from './rewards.ts';

/** Which responses are to be judged. */
export interface JudgedAnswers {
  /** The file of a strategy's results. */
  readonly path: string;
  /** Lines of the input that count. */
  readonly asked: LineSet;
  readonly rewards: Rewards;
  /** Judge those again that the judge failed on. */
  readonly withoutFailures: boolean;
}

export interface JudgeOptions extends JudgedAnswers, WorkOptions {
  readonly input: string;
  readonly index: LineIndex;
  /** A system message put before each conversation. */
  readonly system: string | undefined;
  readonly judge: RewardModel;
  /** Rewards of another strategy: one for the very same response to the same line is taken over, not asked for again. */
  readonly known?: Pick<Rewards, 'of'> | undefined;
  readonly onJudged?: (line: number, failure: Failure | undefined) => void;
}

/** The responses of a file that have no reward yet. */
export async function* unjudged(answers: JudgedAnswers): AsyncGenerator<Answer, void, void> {
  const { path, asked, rewards, withoutFailures } = answers;
  for await (const answer of readAnswers(path)) {
    if (!isAnswer(answer) || !asked.has(answer.line)) continue;
    const reward = rewards.of(answer.line, answer.text);
    if (reward === undefined || (withoutFailures && Number.isNaN(reward))) yield answer;
  }
}

/**
 * Gives every response that has none its reward, several at a time, and writes each as soon as it is there.
 *
 * @throws AbortError; EngineError `engine-failing`; WellbegunError from the disk
 */
export async function judgeAnswers(options: JudgeOptions): Promise<void> {
  const { input, index, system, judge, known, rewards, concurrency, signal, onJudged } = options;
  await using file = await open(input);
  const messagesOf = async (line: number): Promise<ChatMessage[]> => {
    const { request } = parseLine(await readLineAt(file, index.starts, line));
    const messages = isFailure(request) ? [] : request.messages;
    return system === undefined ? [...messages] : [{ role: 'system', content: system }, ...messages];
  };
  await workThrough<Answer, number>(unjudged(options), {
    concurrency,
    signal,
    async answer({ line, text }, stop) {
      const same = known?.of(line, text);
      const isKnown = same !== undefined && !Number.isNaN(same);
      return isKnown ? same : await ask(judge, await messagesOf(line), text, stop);
    },
    async record({ line, text }, outcome) {
      await rewards.append(line, text, outcome);
      onJudged?.(line, isFailure(outcome) ? outcome : undefined);
    },
  });
}

async function ask(
  judge: RewardModel,
  messages: readonly ChatMessage[],
  response: string,
  signal: AbortSignal,
): Promise<number> {
  const reward = await rewardOf(judge, messages, response, { signal });
  if (Number.isFinite(reward)) return reward;
  throw new EngineError(judge.id, 'no-score', `${judge.id} gave no number.`);
}
