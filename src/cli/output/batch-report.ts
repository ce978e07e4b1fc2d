import type { BatchResult } from '../../batch/answer-lines.ts';
import type { BatchCount, BatchWatch } from '../../batch/open-batch.ts';
import { type BatchProgress, batchProgress } from './batch-progress.ts';
import { isFailure } from '../../recording/failure.ts';
import { formatDuration } from './format-duration.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

/** Failures that are told while they happen; all of them are in the output. */
const TOLD_FAILURES = 5;

/** What a person is told of a batch, from its begin to its end. */
export class BatchReport implements BatchWatch, Disposable {
  readonly #terminal: Terminal;
  readonly #output: string;
  #startMs = 0;
  #start: BatchCount | undefined;
  #progress: BatchProgress | undefined;
  #done = 0;
  #failed = 0;
  #tokens = 0;
  #told = 0;

  constructor(terminal: Terminal, output: string) {
    this.#terminal = terminal;
    this.#output = output;
  }

  /** @param start what earlier runs did */
  begin(start: BatchCount): void {
    const { done, failed, total } = start;
    if (done > 0) this.#terminal.notice(`${done} of ${total} lines are in ${this.#output} already.`);
    [this.#start, this.#done, this.#failed, this.#startMs] = [start, done, failed, performance.now()];
    if (done < total) this.#progress = batchProgress(this.#terminal, start);
  }

  result({ line, outcome }: BatchResult): void {
    const hasFailed = isFailure(outcome);
    this.#done++;
    if (hasFailed) {
      this.#failed++;
      this.#tell(line, outcome.message);
    } else this.#tokens += outcome.usage.keptDraftTokens + outcome.usage.baseTokens;
    this.#progress?.advance({ hasFailed });
  }

  end({ wasStopped }: { readonly wasStopped: boolean }): void {
    this[Symbol.dispose]();
    if (wasStopped) this.#stopped();
    else this.#finished();
  }

  [Symbol.dispose](): void {
    this.#progress?.[Symbol.dispose]();
  }

  #stopped(): void {
    const total = this.#start?.total;
    this.#terminal.notice(`${this.#done} of ${total} lines are in ${this.#output}: the same command goes on there.`);
  }

  #finished(): void {
    const made = this.#done - (this.#start?.done ?? 0);
    if (made > 0) this.#terminal.notice(this.#summary(made));
    if (this.#failed > 0) {
      this.#terminal.notice(
        `${this.#failed} failed: "error" in their lines says why, and --retry-failed tries them again.`,
      );
    }
  }

  #summary(made: number): string {
    const seconds = (performance.now() - this.#startMs) / 1000;
    const speed = `${(made / seconds).toPrecision(3)} lines/s, ${(this.#tokens / seconds).toPrecision(3)} tokens/s`;
    return `${made} ${made === 1 ? 'line' : 'lines'} in ${formatDuration(seconds)} (${speed}); ${this.#done} of ${this.#start?.total} are in ${this.#output}.`;
  }

  #tell(line: number, message: string): void {
    if (this.#told === TOLD_FAILURES) this.#progress?.note('More lines fail; they are only counted from here on.');
    if (this.#told++ < TOLD_FAILURES) this.#progress?.note(`Line ${line} failed: ${printable(message)}`);
  }
}
