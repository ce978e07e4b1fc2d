import type { Exchange } from './exchange.ts';

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

  /** Resolves when all have ended; those that take longer than `patienceMs` are aborted. */
  async drain(patienceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#abortAll(), patienceMs);
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
    clearTimeout(timer);
  }

  #abortAll(): void {
    for (const exchange of this.#open) exchange.abort('the gateway is shutting down');
  }
}
