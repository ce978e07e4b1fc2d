/** Adds up the time that is spent waiting for one thing. */
export class Stopwatch {
  #elapsedMs = 0;
  #lastMs = 0;

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** What the last work took. */
  get lastMs(): number {
    return this.#lastMs;
  }

  async time<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#lastMs = performance.now() - start;
      this.#elapsedMs += this.#lastMs;
    }
  }
}
