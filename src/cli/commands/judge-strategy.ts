import { OutputFile } from '../../batch/output-file.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import { judgeAnswers, type JudgedAnswers, unjudged } from '../../studies/evaluate/judge-answers.ts';
import { Rewards } from '../../studies/evaluate/rewards.ts';
import { JudgeReport } from '../output/judge-report.ts';
import type { Evaluation, StrategyJob } from './evaluation.ts';

/** Judging is not timed, so it need not be one at a time. */
const JUDGED_AT_ONCE = 4;

/** @throws ConfigError for a file of rewards with other content */
export async function readRewards({ rewardsPath }: StrategyJob, { judge, scan }: Evaluation): Promise<Rewards> {
  return await Rewards.read(rewardsPath, judge!, scan.lines);
}

export async function countUnjudged(job: StrategyJob, evaluation: Evaluation): Promise<number> {
  return await count(unjudged(await judged(job, evaluation)));
}

/** Gives the responses of one strategy, which are all there, the rewards that they lack. */
export async function judgeStrategy(judge: RewardModel, job: StrategyJob, evaluation: Evaluation): Promise<void> {
  const { input, scan, values, terminal, signal } = evaluation;
  const answers = await judged(job, evaluation);
  const total = await count(unjudged(answers));
  if (total === 0) return;
  const [first] = evaluation.jobs;
  const known = job === first ? undefined : await readRewards(first!, evaluation);
  const output = await OutputFile.open(job.rewardsPath, answers.rewards.sizeBytes);
  using report = new JudgeReport(terminal, total);
  try {
    await judgeAnswers({
      ...answers,
      input,
      index: scan.index!,
      system: values.system,
      judge,
      known,
      output,
      concurrency: Math.max(JUDGED_AT_ONCE, values.concurrency),
      signal,
      onJudged: (line, failure) => report.add(line, failure),
    });
    report.finished();
  } catch (error) {
    report.stopped();
    throw error;
  } finally {
    await output.close();
  }
}

async function judged(job: StrategyJob, evaluation: Evaluation): Promise<JudgedAnswers> {
  const { path, withoutFailures } = job;
  return { path, asked: evaluation.asked, rewards: await readRewards(job, evaluation), withoutFailures };
}

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let number = 0;
  for await (const item of items) if (item !== undefined) number++;
  return number;
}
