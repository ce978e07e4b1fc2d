import type { Logger } from 'pino';

/** One request to an engine, from its admission to the last byte of its reply. */
export class Exchange {
  readonly id: string;
  readonly log: Logger;
  readonly startMs = performance.now();
  readonly #abort = new AbortController();
  readonly #endings: (() => void)[] = [];
  /** What its line in the log says. */
  readonly #notes: Record<string, unknown> = {};
  #abortStatus: number | undefined;
  #ended = false;

  constructor(id: string, log: Logger) {
    this.id = id;
    this.log = log;
  }

  /** Aborts when the exchange is aborted or stopped: all engines of the request stop. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get notes(): Readonly<Record<string, unknown>> {
    return this.#notes;
  }

  get elapsedMs(): number {
    return performance.now() - this.startMs;
  }

  note(facts: Readonly<Record<string, unknown>>): void {
    Object.assign(this.#notes, facts);
  }

  /** The status it is counted under where the client left, or the gateway could not wait any longer. */
  get abortStatus(): number | undefined {
    return this.#abortStatus;
  }

  abort(why: string, status: number): void {
    if (this.#ended || this.#abortStatus !== undefined) return;
    this.#abortStatus = status;
    this.note({ aborted: why });
    this.stop(why);
  }

  /** Nothing more is needed of the engines. */
  stop(why: string): void {
    this.#abort.abort(new DOMException(why, 'AbortError'));
  }

  onEnd(action: () => void): void {
    this.#endings.push(action);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const action of this.#endings.reverse()) action();
  }
}
