import type { Interval } from '../../statistics/interval.ts';
import { RunningMean } from '../../statistics/running-mean.ts';
import { wilsonInterval } from '../../statistics/wilson-interval.ts';

/** How far a reward model agrees with what is chosen. */
export interface LabelAgreement {
  /** Pairs that were rewarded; those that are too long for the model are not. */
  readonly pairs: number;
  readonly tooLong: number;
  /** Share of pairs whose chosen response has the greater reward; equal ones count half. */
  readonly agreement: number;
  readonly agreementInterval: Interval;
  /** Mean of chosen − rejected, on the reward model's own scale. */
  readonly margin: number;
  /** Undefined for fewer than two pairs. */
  readonly marginInterval: Interval | undefined;
}

export class LabelCount {
  readonly #margins = new RunningMean();
  #agreed = 0;
  #tooLong = 0;

  /** @param margin of chosen − rejected; undefined where the pair is too long for the model */
  add(margin: number | undefined): void {
    if (margin === undefined) {
      this.#tooLong++;
      return;
    }
    this.#margins.add(margin);
    this.#agreed += margin > 0 ? 1 : margin === 0 ? 0.5 : 0;
  }

  /** Undefined where no pair was rewarded. */
  get agreement(): LabelAgreement | undefined {
    const { count: pairs, mean: margin, interval: marginInterval } = this.#margins;
    if (pairs === 0) return undefined;
    const agreementInterval = wilsonInterval(this.#agreed, pairs);
    return {
      pairs,
      tooLong: this.#tooLong,
      agreement: this.#agreed / pairs,
      agreementInterval,
      margin,
      marginInterval,
    };
  }
}
