/** Told what a pull does. Every `start` is followed by one `done`; a pull that needs no source calls neither. */
export interface PullProgress {
  /** Asked before a download begins, once its size is known. Throwing stops the pull. */
  confirm?(event: { model: string; totalBytes: number | undefined }): Promise<void>;
  /** One source begins. `totalBytes` is undefined when the source doesn't say. */
  start(event: { model: string; source: string; totalBytes: number | undefined }): void;
  /** Bytes of the file that are here, those of an earlier, interrupted pull included. May go back to 0. */
  advance(doneBytes: number): void;
  /** A sentence for the user: a wait, a retry, a change of source. May come before `start`. */
  note(text: string): void;
  done(outcome: 'complete' | 'failed'): void;
}

export const silentProgress: PullProgress = {
  start: () => undefined,
  advance: () => undefined,
  note: () => undefined,
  done: () => undefined,
};
