import { open } from 'node:fs/promises';
import type { LineSet } from '../../../batch/line-set.ts';
import type { ParseLine } from '../../../batch/answer-lines.ts';
import { readLineAt } from '../../../batch/read-input-lines.ts';
import type { LineIndex } from '../../../batch/scan-input.ts';
import { EngineError } from '../../../core/errors.ts';
import type { ChatMessage } from '../../../core/prompt-format.ts';
import { rewardOf } from '../../../core/rewards-of.ts';
import type { RewardModel } from '../../../core/reward-model.ts';
import { type Failure, isFailure } from '../../../recording/failure.ts';
import { type WorkOptions, workThrough } from '../../../recording/work-through.ts';
import { type Answer, answersTo } from '../read-answers.ts';
import type { Rewards } from './rewards.ts';

/** Which responses are to have a reward. */
export interface RewardedAnswers {
  /** The file of a strategy's results. */
  readonly path: string;
  /** Lines of the input that count. */
  readonly asked: LineSet;
  readonly rewards: Rewards;
  /** Ask again for those that the reward model failed on. */
  readonly withoutFailures: boolean;
}

export interface RewardOptions extends RewardedAnswers, WorkOptions {
  readonly input: string;
  readonly index: LineIndex;
  /** A system message put before each conversation. */
  readonly system: string | undefined;
  readonly parse: ParseLine;
  readonly model: RewardModel;
  /** Rewards of another strategy: one for the very same response to the same line is taken over, not asked for again. */
  readonly known?: Pick<Rewards, 'of'> | undefined;
  readonly onReward?: (line: number, failure: Failure | undefined) => void;
}

/** The responses of a file that have no reward yet. */
export async function* unrewarded(answers: RewardedAnswers): AsyncGenerator<Answer, void, void> {
  const { path, asked, rewards, withoutFailures } = answers;
  for await (const answer of answersTo(path, asked)) {
    const reward = rewards.of(answer.line, answer.text);
    if (reward === undefined || (withoutFailures && Number.isNaN(reward))) yield answer;
  }
}

/**
 * Gives every response that has none its reward, several at a time, and writes each as soon as it is there.
 *
 * @throws AbortError; EngineError `engine-failing`; WellbegunError from the disk
 */
export async function rewardAnswers(options: RewardOptions): Promise<void> {
  const { input, index, system, parse, model, known, rewards, concurrency, signal, spelling, onReward } = options;
  await using file = await open(input);
  const messagesOf = async (line: number): Promise<ChatMessage[]> => {
    const { request } = parse(await readLineAt(file, index.starts, line));
    const messages = isFailure(request) ? [] : request.messages;
    return system === undefined ? [...messages] : [{ role: 'system', content: system }, ...messages];
  };
  await workThrough<Answer, number>(unrewarded(options), {
    concurrency,
    signal,
    spelling,
    async answer({ line, text }, stop) {
      const same = known?.of(line, text);
      const isKnown = same !== undefined && !Number.isNaN(same);
      return isKnown ? same : await ask(model, await messagesOf(line), text, stop);
    },
    async record({ line, text }, outcome) {
      await rewards.append(line, text, outcome);
      onReward?.(line, isFailure(outcome) ? outcome : undefined);
    },
  });
}

async function ask(
  model: RewardModel,
  messages: readonly ChatMessage[],
  response: string,
  signal: AbortSignal,
): Promise<number> {
  const reward = await rewardOf(model, messages, response, { signal });
  if (Number.isFinite(reward)) return reward;
  throw new EngineError(model.id, 'no-score', `${model.id} gave no number.`);
}
