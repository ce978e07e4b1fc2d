import type { Failure } from '../../recording/failure.ts';
import type { GradeWatch } from '../../studies/evaluate/open-evaluation.ts';
import { type BatchProgress, batchProgress } from './batch-progress.ts';
import { formatDuration } from './format-duration.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

/** Failures that are told while they happen; all of them are in the file. */
const TOLD_FAILURES = 5;

/** What a person is told while responses are graded. */
export class GradeReport implements GradeWatch, Disposable {
  readonly #terminal: Terminal;
  readonly #progress: BatchProgress;
  readonly #startMs = performance.now();
  readonly #total: number;
  readonly #what: string;
  #done = 0;
  #failed = 0;

  constructor(terminal: Terminal, what: string, total: number) {
    this.#what = what;
    this.#terminal = terminal;
    this.#total = total;
    this.#progress = batchProgress(terminal, { total, done: 0, failed: 0 });
  }

  add(line: number, failure: Failure | undefined): void {
    this.#done++;
    if (failure && this.#failed++ < TOLD_FAILURES) {
      this.#progress.note(`Line ${line} was not graded: ${printable(failure.message)}`);
    }
    this.#progress.advance({ hasFailed: failure !== undefined });
  }

  end({ wasStopped }: { readonly wasStopped: boolean }): void {
    this[Symbol.dispose]();
    if (wasStopped) this.#stopped();
    else this.#finished();
  }

  [Symbol.dispose](): void {
    this.#progress[Symbol.dispose]();
  }

  #stopped(): void {
    this.#terminal.notice(`${this.#what}: ${this.#done} of ${this.#total} are done, the same command goes on there.`);
  }

  #finished(): void {
    const seconds = (performance.now() - this.#startMs) / 1000;
    this.#terminal.notice(`${this.#what}: ${this.#done} in ${formatDuration(seconds)}.`);
    if (this.#failed === 0) return;
    this.#terminal.notice(`${this.#failed} could not be graded; --retry-failed tries them again.`);
  }
}
