import type { Interval } from '../../statistics/interval.ts';
import { RunningMean } from '../../statistics/running-mean.ts';
import { wilsonInterval } from '../../statistics/wilson-interval.ts';

/** How much longer chosen responses are than rejected ones. A model trained on such pairs learns to write so much more. */
export interface LengthBias {
  readonly pairs: number;
  /** Means, in words. */
  readonly chosenWords: number;
  readonly rejectedWords: number;
  /** Mean of chosen − rejected, in words; undefined for fewer than two pairs. */
  readonly differenceInterval: Interval | undefined;
  /** Share of pairs whose chosen response is longer; equal ones count half. */
  readonly longerShare: number;
  readonly longerShareInterval: Interval;
}

export class LengthCount {
  readonly #chosen = new RunningMean();
  readonly #rejected = new RunningMean();
  readonly #differences = new RunningMean();
  #longer = 0;

  add(chosenWords: number, rejectedWords: number): void {
    this.#chosen.add(chosenWords);
    this.#rejected.add(rejectedWords);
    this.#differences.add(chosenWords - rejectedWords);
    this.#longer += chosenWords > rejectedWords ? 1 : chosenWords === rejectedWords ? 0.5 : 0;
  }

  /** Undefined of no pairs. */
  get bias(): LengthBias | undefined {
    const pairs = this.#differences.count;
    if (pairs === 0) return undefined;
    return {
      pairs,
      chosenWords: this.#chosen.mean,
      rejectedWords: this.#rejected.mean,
      differenceInterval: this.#differences.interval,
      longerShare: this.#longer / pairs,
      longerShareInterval: wilsonInterval(this.#longer, pairs),
    };
  }
}
