import { EngineError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';

/** So many items in a row that failed in the engine mean that it is gone; what is left would fail as well. */
const FAILURES_IN_A_ROW = 20;

/** How a sentence speaks of what failed. */
export interface HealthWords {
  /** Such as `lines`. */
  readonly items: string;
  /** Such as `the batch was`. */
  readonly run: string;
}

/** Counts failures of the engine in a row. */
export class EngineHealth {
  readonly #words: HealthWords;
  #failures = 0;
  #last: EngineError | undefined;

  constructor(words: HealthWords = { items: 'lines', run: 'the batch was' }) {
    this.#words = words;
  }

  /** @param error what an item failed with; undefined for one that did not fail */
  note(error?: unknown): void {
    this.#last = error instanceof EngineError ? error : undefined;
    this.#failures = this.#last ? this.#failures + 1 : 0;
  }

  /** @throws EngineError `engine-failing` */
  check(): void {
    if (!this.#last || this.#failures < FAILURES_IN_A_ROW) return;
    const { engine, message } = this.#last;
    const { items, run } = this.#words;
    throw new EngineError(
      engine,
      'engine-failing',
      `The last ${this.#failures} ${items} failed, so ${run} stopped (${message.replace(/\.$/, '')}): mend the engine and give the same command with ${settingName('retryFailed')}.`,
      { cause: this.#last },
    );
  }
}
