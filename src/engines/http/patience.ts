import type { ServerName } from './http-failure.ts';
import { timeoutFailure } from './http-failure.ts';

/** Bounds the waits for what a server has to bring, whatever else it sends meanwhile to seem alive. */
export class Patience {
  readonly #controller = new AbortController();
  readonly #server: ServerName;
  readonly #mostMs: number;

  constructor(server: ServerName, mostMs: number) {
    this.#server = server;
    this.#mostMs = mostMs;
  }

  /** Aborts with an EngineError once one wait was too long, and with whatever else is given. */
  or(...others: readonly (AbortSignal | undefined)[]): AbortSignal {
    return AbortSignal.any([this.#controller.signal, ...others.filter((other) => other !== undefined)]);
  }

  /** Waits for work that heeds such a signal. */
  async wait<T>(work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#controller.abort(timeoutFailure(this.#server)), this.#mostMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }
}
