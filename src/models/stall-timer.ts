import { SourceFailure } from './source-failure.ts';

/** Aborts `signal` when nothing calls `restart` for `timeoutMs`, or when the caller's signal aborts. */
export class StallTimer implements Disposable {
  readonly signal: AbortSignal;
  readonly #stalled = new AbortController();
  readonly #timeoutMs: number;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number, outer?: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.signal = outer ? AbortSignal.any([outer, this.#stalled.signal]) : this.#stalled.signal;
    this.#timer = setTimeout(() => this.#stalled.abort(), timeoutMs);
  }

  restart(): void {
    this.#timer.refresh();
  }

  failure(): SourceFailure | undefined {
    if (!this.#stalled.signal.aborted) return undefined;
    return new SourceFailure(`no byte came for ${this.#timeoutMs / 1000} s`, { retryable: true });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
