import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../core/errors.ts';
import { isBusy } from '../engines/http/http-failure.ts';

export interface BusyOptions {
  /** The judge's name, for sentences. */
  readonly name: string;
  /** How long a judge may be busy before this gives up, in milliseconds. */
  readonly mostWaitMs: number;
  /** The wait where the server names no time, doubled each time up to 32-fold. */
  readonly firstWaitMs: number;
  /** Told of each wait. */
  readonly notice?: ((text: string) => void) | undefined;
}

const MOST_DOUBLINGS = 5;

/** Waits for a judge that is busy or limits the rate: one wait for all who ask, and an end to it. */
export class BusyJudge {
  readonly #options: BusyOptions;
  /** Nobody asks before this time. */
  #untilMs = 0;
  /** Since when it has answered nobody; undefined where it has. */
  #sinceMs: number | undefined;
  #waits = 0;

  constructor(options: BusyOptions) {
    this.#options = options;
  }

  /** @throws EngineError `rate-limited` once the wait would be too long; AbortError; what `work` throws otherwise */
  async run<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    for (;;) {
      await this.#turn(signal);
      const startMs = Date.now();
      try {
        const result = await work();
        [this.#sinceMs, this.#waits] = [undefined, 0];
        return result;
      } catch (error) {
        if (!isBusy(error)) throw error;
        this.#note(error, startMs);
      }
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    for (let leftMs = this.#leftMs(); leftMs > 0; leftMs = this.#leftMs()) {
      await sleep(leftMs, undefined, signal && { signal });
    }
  }

  #leftMs(): number {
    return this.#untilMs - Date.now();
  }

  /** @param startMs when the question was put: several at once are told the same, which is one wait */
  #note(error: EngineError, startMs: number): void {
    const nowMs = Date.now();
    this.#sinceMs ??= nowMs;
    const asked = error.retryAfterMs;
    if (asked === undefined && startMs < this.#untilMs) return;
    const waitMs = asked ?? this.#options.firstWaitMs * 2 ** Math.min(this.#waits, MOST_DOUBLINGS);
    if (nowMs + waitMs - this.#sinceMs > this.#options.mostWaitMs) throw this.#tooLong(error, waitMs);
    if (nowMs + waitMs <= this.#untilMs) return;
    this.#waits++;
    // A rest of a second less is no news.
    if (nowMs + waitMs > this.#untilMs + 1000) this.#tell(error, waitMs, nowMs);
    this.#untilMs = nowMs + waitMs;
  }

  #tell(error: EngineError, waitMs: number, nowMs: number): void {
    const until = new Date(nowMs + waitMs).toLocaleTimeString('en-GB');
    this.#options.notice?.(
      `The judge ${this.#options.name} is busy (${saidBy(error)}): asking again in ${duration(waitMs)}, at ${until}. The verdicts so far are kept.`,
    );
  }

  #tooLong(error: EngineError, waitMs: number): EngineError {
    const { name, mostWaitMs } = this.#options;
    const wish = error.retryAfterMs === undefined ? 'has been busy' : `wants to be asked again in ${duration(waitMs)}`;
    return new EngineError(
      error.engine,
      'rate-limited',
      `The judge ${name} ${wish} (${saidBy(error)}), and a wait may take ${duration(mostWaitMs)} in all: give the same command again later; the verdicts so far are kept.`,
      { cause: error, url: error.url, status: error.status, reason: error.reason, retryAfterMs: error.retryAfterMs },
    );
  }
}

function saidBy({ status, reason }: EngineError): string {
  return [status, reason].filter((part) => part !== undefined).join(': ');
}

function duration(ms: number): string {
  if (ms < 120_000) return `${Math.ceil(ms / 1000)} s`;
  return `${Math.ceil(ms / 60_000)} minutes`;
}
