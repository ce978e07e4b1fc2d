import type { PullProgress } from '../models/pull-progress.ts';
import type { ModelTableSettings } from '../settings/model.ts';

/** How models are found, loaded and prompted. Everything has a default. */
export interface ModelSettings extends ModelTableSettings {
  readonly progress?: LoadProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Told what takes time before the first token. */
export interface LoadProgress {
  readonly pull?: PullProgress;
  /** A model begins to load; the returned function is called when it has. */
  load?(model: string): () => void;
  /** A build of llama.cpp for GPUs is tried, once for each driver; the returned function is called when it was. */
  trial?(variant: string): () => void;
  /** What else there is to know, such as a build that can't be used. */
  note?(text: string): void;
}
