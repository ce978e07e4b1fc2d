import type { Interval } from './interval.ts';
import { studentQuantile } from './student-quantile.ts';

/** The mean of values that are too many to be kept, and its interval (Welford 1962). */
export class RunningMean {
  #count = 0;
  #mean = 0;
  /** Sum of the squared distances from the mean. */
  #squares = 0;

  add(value: number): void {
    this.#count++;
    const distance = value - this.#mean;
    this.#mean += distance / this.#count;
    this.#squares += distance * (value - this.#mean);
  }

  get count(): number {
    return this.#count;
  }

  /** NaN of no values. */
  get mean(): number {
    return this.#count === 0 ? Number.NaN : this.#mean;
  }

  /** 95%, by Student's t; undefined for fewer than two values. */
  get interval(): Interval | undefined {
    if (this.#count < 2) return undefined;
    const standardError = Math.sqrt(this.#squares / (this.#count - 1) / this.#count);
    const half = studentQuantile(0.975, this.#count - 1) * standardError;
    return [this.#mean - half, this.#mean + half];
  }
}
