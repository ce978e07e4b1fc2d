import type { BatchResult } from '../../batch/run-batch.ts';
import { type BatchCount, type BatchProgress, batchProgress } from './batch-progress.ts';
import { formatDuration } from './format-duration.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

/** Failures that are told while they happen; all of them are in the output. */
const TOLD_FAILURES = 5;

/** What a person is told of a batch, from its begin to its end. */
export class BatchReport implements Disposable {
  readonly #terminal: Terminal;
  readonly #output: string;
  readonly #start: BatchCount;
  readonly #progress: BatchProgress;
  readonly #startMs = performance.now();
  #done: number;
  #failed: number;
  #tokens = 0;
  #told = 0;

  constructor(terminal: Terminal, output: string, start: BatchCount) {
    const { done, total } = start;
    if (done > 0) terminal.notice(`${done} of ${total} lines are in ${output} already.`);
    this.#terminal = terminal;
    this.#output = output;
    this.#start = start;
    this.#done = done;
    this.#failed = start.failed;
    this.#progress = batchProgress(terminal, start);
  }

  add({ line, outcome }: BatchResult): void {
    const hasFailed = 'code' in outcome;
    this.#done++;
    if (hasFailed) {
      this.#failed++;
      this.#tell(line, outcome.message);
    } else this.#tokens += outcome.usage.keptDraftTokens + outcome.usage.baseTokens;
    this.#progress.advance({ hasFailed });
  }

  /** The batch ended before its end. */
  stopped(): void {
    this[Symbol.dispose]();
    const { total } = this.#start;
    this.#terminal.notice(`${this.#done} of ${total} lines are in ${this.#output}: the same command goes on there.`);
  }

  /** @returns how many lines have failed, in this run and before */
  finished(): number {
    this[Symbol.dispose]();
    const made = this.#done - this.#start.done;
    if (made > 0) this.#terminal.notice(this.#summary(made));
    if (this.#failed > 0) {
      this.#terminal.notice(
        `${this.#failed} failed: "error" in their lines says why, and --retry-failed tries them again.`,
      );
    }
    return this.#failed;
  }

  [Symbol.dispose](): void {
    this.#progress[Symbol.dispose]();
  }

  #summary(made: number): string {
    const seconds = (performance.now() - this.#startMs) / 1000;
    const speed = `${(made / seconds).toPrecision(3)} lines/s, ${(this.#tokens / seconds).toPrecision(3)} tokens/s`;
    return `${made} lines in ${formatDuration(seconds)} (${speed}); ${this.#done} of ${this.#start.total} are in ${this.#output}.`;
  }

  #tell(line: number, message: string): void {
    if (this.#told === TOLD_FAILURES) this.#progress.note('More lines fail; they are only counted from here on.');
    if (this.#told++ < TOLD_FAILURES) this.#progress.note(`Line ${line} failed: ${printable(message)}`);
  }
}
