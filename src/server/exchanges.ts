import type { Exchange } from './exchange.ts';

/** From being told to stop to its last byte, a request whose client reads and whose engine listens takes far less. */
const LAST_WORDS_MS = 1000;

/** All requests under way. */
export class Exchanges {
  readonly #open = new Set<Exchange>();
  #onEmpty: (() => void) | undefined;

  get size(): number {
    return this.#open.size;
  }

  add(exchange: Exchange): void {
    this.#open.add(exchange);
    exchange.onEnd(() => {
      this.#open.delete(exchange);
      if (this.#open.size === 0) this.#onEmpty?.();
    });
  }

  /**
   * Resolves when all have ended; those that take longer than `patienceMs` are aborted. What goes on all the same, for
   * its client sends no more of its question or reads no more of its answer, is not waited for.
   */
  async drain(patienceMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    const abort = setTimeout(() => this.#abortAll(), patienceMs);
    const giveUp = setTimeout(() => this.#onEmpty?.(), patienceMs + LAST_WORDS_MS);
    await empty;
    clearTimeout(abort);
    clearTimeout(giveUp);
  }

  #abortAll(): void {
    for (const exchange of this.#open) exchange.abort('the gateway is shutting down', 503);
  }
}
