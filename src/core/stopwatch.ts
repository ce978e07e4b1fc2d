/** Adds up the time that is spent waiting for one thing. */
export class Stopwatch {
  #elapsedMs = 0;

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  async time<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#elapsedMs += performance.now() - start;
    }
  }
}
