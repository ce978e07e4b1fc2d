import type { Models } from '../../../assembly/load-pair.ts';
import type { Evaluation, TaskJobs } from '../open-evaluation.ts';
import { itemsUnchosen, readChoices } from './choice-grades.ts';
import { gradePrograms } from './program-grades.ts';
import { countUnrewarded, rewardStrategy } from './reward-strategy.ts';

/** What grading still needs models for. */
export interface GradesNeeded {
  readonly rewards: boolean;
  readonly choices: boolean;
}

export async function needsGrades(evaluation: Evaluation): Promise<GradesNeeded> {
  const choices = evaluation.tasks.some((task) => itemsUnchosen(task).length > 0);
  return { rewards: await hasUnrewarded(evaluation), choices };
}

async function hasUnrewarded(evaluation: Evaluation): Promise<boolean> {
  if (evaluation.reward === undefined) return false;
  for (const task of evaluation.tasks) {
    for (const job of task.jobs) if ((await countUnrewarded(job, task, evaluation)) > 0) return true;
  }
  return false;
}

/** Gives the answers to one task the grades that they lack. */
export async function gradeTask(task: TaskJobs, models: Models, evaluation: Evaluation): Promise<void> {
  for (const job of task.jobs) {
    if (models.judge) await rewardStrategy(models.judge, job, task, evaluation);
    await gradePrograms(job, task, evaluation);
  }
  if (models.base) await readChoices(models.base, task, evaluation);
}
