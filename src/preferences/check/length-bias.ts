import { GrowingArray } from '../../core/growing-array.ts';
import { mean } from '../../core/mean.ts';
import type { Interval } from '../../statistics/interval.ts';
import { studentInterval } from '../../statistics/student-interval.ts';
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
  readonly #chosen = new GrowingArray(Uint32Array);
  readonly #rejected = new GrowingArray(Uint32Array);

  add(chosenWords: number, rejectedWords: number): void {
    this.#chosen.push(chosenWords);
    this.#rejected.push(rejectedWords);
  }

  /** Undefined of no pairs. */
  get bias(): LengthBias | undefined {
    const pairs = this.#chosen.length;
    if (pairs === 0) return undefined;
    const [chosen, rejected] = [Array.from(this.#chosen.values()), Array.from(this.#rejected.values())];
    const differences = chosen.map((words, index) => words - rejected[index]!);
    const longer = differences.reduce((sum, words) => sum + (words > 0 ? 1 : words === 0 ? 0.5 : 0), 0);
    return {
      pairs,
      chosenWords: mean(chosen),
      rejectedWords: mean(rejected),
      differenceInterval: studentInterval(differences),
      longerShare: longer / pairs,
      longerShareInterval: wilsonInterval(longer, pairs),
    };
  }
}
