import type { PullProgress } from './pull-progress.ts';
import type { ExpectedFile } from './verify-file.ts';

/** What a source is given: put the verified file at `target`, whose folder exists and whose lock is held. */
export interface PullTask {
  /** As the user wrote it. */
  model: string;
  target: string;
  expected: ExpectedFile;
  progress: PullProgress;
  signal?: AbortSignal | undefined;
  env: NodeJS.ProcessEnv;
}
