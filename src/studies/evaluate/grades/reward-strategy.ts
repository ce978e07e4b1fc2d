import type { RewardModel } from '../../../core/reward-model.ts';
import { watched } from '../../../recording/watched.ts';
import type { Evaluation, StrategyJob, TaskJobs } from '../open-evaluation.ts';
import { rewardAnswers, type RewardedAnswers, unrewarded } from './reward-answers.ts';

/** It is not timed, so it need not be one at a time. */
const REWARDED_AT_ONCE = 4;

export async function countUnrewarded(job: StrategyJob, task: TaskJobs, evaluation: Evaluation): Promise<number> {
  const answers = unrewarded(answersOf(job, task, evaluation));
  let number = 0;
  while (!(await answers.next()).done) number++;
  return number;
}

/** Gives the responses of one strategy to one task, which are all there, the rewards that they lack. */
export async function rewardStrategy(
  model: RewardModel,
  job: StrategyJob,
  task: TaskJobs,
  evaluation: Evaluation,
): Promise<void> {
  const { concurrency, signal, spelling, decoding, watch } = evaluation.options;
  const { input, scan } = task.task;
  const total = await countUnrewarded(job, task, evaluation);
  if (total === 0) return;
  const [first] = task.jobs;
  const told = watch?.grades?.(`the reward of ${model.id}`, total);
  await watched(told, () =>
    rewardAnswers({
      ...answersOf(job, task, evaluation),
      input,
      index: scan.index!,
      system: decoding.system,
      parse: job.batch.job.parse!,
      model,
      known: job === first ? undefined : first!.rewards,
      concurrency: Math.max(REWARDED_AT_ONCE, concurrency),
      signal,
      spelling,
      onReward: (line, failure) => told?.add?.(line, failure),
    }),
  );
}

function answersOf({ batch, rewards }: StrategyJob, { asked }: TaskJobs, { options }: Evaluation): RewardedAnswers {
  return { path: batch.job.path, asked, rewards: rewards!, withoutFailures: options.retryFailed ?? false };
}
