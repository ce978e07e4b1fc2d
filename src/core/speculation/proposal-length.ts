import type { PassTimes } from './pass-times.ts';

/** Proposals beyond this length hardly ever hold, and hold up other requests. */
const LONGEST = 16;
/** How fast old measurements fade. */
const MEMORY = 0.9;
/** Rounds without a proposal before one is tried again, so that a text that begins to repeat is noticed. */
const FIRST_PAUSE = 8;
const LONGEST_PAUSE = 128;

/**
 * How many tokens to propose, from what was measured so far on this machine and this text: the share of proposed tokens
 * that hold, and the time of a forward pass by the number of its tokens. Proposing nothing is one of the choices, so
 * speculation switches itself off where it does not pay.
 *
 * With α the share that holds, n proposals give (1 − α^(n+1)) / (1 − α) tokens on average (Leviathan et al., arXiv
 * 2211.17192, equation 1), in t(n+1) milliseconds; n is chosen for the most tokens a millisecond.
 */
export class ProposalLength {
  readonly #passTimes: PassTimes;
  /** Optimistic at first: whether a text repeats itself shows soon. */
  #held = 3;
  #judged = 4;
  #pause = FIRST_PAUSE;
  #idleRounds = 0;

  constructor(passTimes: PassTimes) {
    this.#passTimes = passTimes;
  }

  /** Share of proposed tokens that hold, 0 to 1. */
  get acceptance(): number {
    return this.#held / this.#judged;
  }

  /** 0 to 16. */
  next(): number {
    const best = this.#best();
    if (best > 0) return best;
    this.#idleRounds++;
    if (this.#idleRounds < this.#pause) return 0;
    this.#idleRounds = 0;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    return 1;
  }

  /** One round that proposed: `held` of `proposed` tokens were right; what follows the first wrong one was not judged. */
  record(proposed: number, held: number): void {
    this.#held = this.#held * MEMORY + held;
    this.#judged = this.#judged * MEMORY + Math.min(held + 1, proposed);
    this.#idleRounds = 0;
    if (held === proposed) this.#pause = FIRST_PAUSE;
  }

  #best(): number {
    let best = 0;
    let bestRate = 1 / this.#passTimes.estimateMs(1);
    for (let length = 1; length <= LONGEST; length++) {
      const rate = this.#expectedTokens(length) / this.#passTimes.estimateMs(length + 1);
      if (rate > bestRate) [best, bestRate] = [length, rate];
    }
    return best;
  }

  #expectedTokens(length: number): number {
    const share = Math.min(this.acceptance, 0.98);
    return (1 - share ** (length + 1)) / (1 - share);
  }
}
