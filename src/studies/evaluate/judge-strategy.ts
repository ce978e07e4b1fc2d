import type { RewardModel } from '../../core/reward-model.ts';
import { judgeAnswers, type JudgedAnswers, unjudged } from './judge-answers.ts';
import type { Evaluation, StrategyJob } from './open-evaluation.ts';

/** Judging is not timed, so it need not be one at a time. */
const JUDGED_AT_ONCE = 4;

export async function countUnjudged(job: StrategyJob, evaluation: Evaluation): Promise<number> {
  const answers = unjudged(judged(job, evaluation));
  let number = 0;
  while (!(await answers.next()).done) number++;
  return number;
}

/** Gives the responses of one strategy, which are all there, the rewards that they lack. */
export async function judgeStrategy(judge: RewardModel, job: StrategyJob, evaluation: Evaluation): Promise<void> {
  const { scan, jobs, options } = evaluation;
  const { input, concurrency, signal, decoding } = options;
  const total = await countUnjudged(job, evaluation);
  if (total === 0) return;
  const [first] = jobs;
  const watch = options.watch?.rewards?.(total);
  let wasStopped = true;
  try {
    await judgeAnswers({
      ...judged(job, evaluation),
      input,
      index: scan.index!,
      system: decoding.system,
      judge,
      known: job === first ? undefined : first!.rewards,
      concurrency: Math.max(JUDGED_AT_ONCE, concurrency),
      signal,
      onJudged: (line, failure) => watch?.add?.(line, failure),
    });
    wasStopped = false;
  } finally {
    watch?.end?.({ wasStopped });
  }
}

function judged({ batch, rewards }: StrategyJob, { asked, options }: Evaluation): JudgedAnswers {
  return { path: batch.job.path, asked, rewards: rewards!, withoutFailures: options.retryFailed ?? false };
}
