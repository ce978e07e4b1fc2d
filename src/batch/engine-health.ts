import { settingName } from '../core/setting-name.ts';
import { CapabilityError, EngineError } from '../core/errors.ts';
import type { LineFailure } from './batch-request.ts';
import { failureOf } from './failure-of.ts';

/** So many lines in a row that failed in the engine mean that it is gone; what is left would fail as well. */
const FAILURES_IN_A_ROW = 20;

/** Counts failures of the engine in a row. */
export class EngineHealth {
  #failures = 0;
  #last: EngineError | undefined;

  /**
   * What the work on one line comes to. A failure is the line's own result, unless it would be that of every line.
   *
   * @throws AbortError; CapabilityError
   */
  async attempt<Outcome>(work: () => Promise<Outcome>, signal: AbortSignal): Promise<Outcome | LineFailure> {
    try {
      const outcome = await work();
      this.#note(undefined);
      return outcome;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CapabilityError) throw error;
      this.#note(error);
      return failureOf(error);
    }
  }

  /** @throws EngineError `engine-failing` */
  check(): void {
    if (!this.#last || this.#failures < FAILURES_IN_A_ROW) return;
    const { engine, message } = this.#last;
    throw new EngineError(
      engine,
      'engine-failing',
      `The last ${this.#failures} lines failed, so the batch was stopped (${message.replace(/\.$/, '')}): mend the engine and give the same command with ${settingName('retryFailed')}.`,
      { cause: this.#last },
    );
  }

  /** @param error what a line failed with; undefined for one that did not fail */
  #note(error: unknown): void {
    this.#last = error instanceof EngineError ? error : undefined;
    this.#failures = this.#last ? this.#failures + 1 : 0;
  }
}
