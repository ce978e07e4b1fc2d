/** Adds up the time that is spent waiting for one thing; works that overlap count once. */
export class Stopwatch {
  #elapsedMs = 0;
  #lastMs = 0;
  #running = 0;
  #sinceMs = 0;

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** What the last work took. */
  get lastMs(): number {
    return this.#lastMs;
  }

  async time<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    if (this.#running++ === 0) this.#sinceMs = start;
    try {
      return await work();
    } finally {
      const end = performance.now();
      this.#lastMs = end - start;
      if (--this.#running === 0) this.#elapsedMs += end - this.#sinceMs;
    }
  }
}
