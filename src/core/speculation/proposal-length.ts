import type { PassTimes } from './pass-times.ts';

/** Proposals beyond this length hardly ever hold, and hold up other requests. */
const LONGEST = 16;
/** How fast old measurements fade. */
const MEMORY = 0.9;
/** Rounds without a proposal before one is tried again, so that a text that begins to repeat is noticed. */
const FIRST_PAUSE = 8;
const LONGEST_PAUSE = 128;
/** The best share of proposals that hold to hope for. What does not pay even then is never tried. */
const HOPED_SHARE = 0.8;

export interface ProposalChoice {
  /** 0 to 16 tokens; 0 is to propose nothing. */
  readonly length: number;
  /** Expected tokens a millisecond, the time of proposing included. */
  readonly rate: number;
}

/**
 * How many tokens one proposer should propose, from what was measured so far on this machine and this text: the share
 * of its tokens that hold, what they cost, and the time of a forward pass by the number of its tokens. Proposing nothing
 * is one of the choices, so speculation switches itself off where it does not pay.
 *
 * With α the share that holds, n proposals give (1 − α^(n+1)) / (1 − α) tokens on average (Leviathan et al., arXiv
 * 2211.17192, equation 1), in t(n+1) + n·c milliseconds, c the cost of a proposed token; n is chosen for the most tokens
 * a millisecond.
 */
export class ProposalLength {
  readonly #passTimes: PassTimes;
  /** Optimistic at first: whether a text repeats itself shows soon. */
  #held = 3;
  #judged = 4;
  #msPerToken: number;
  #pause = FIRST_PAUSE;
  #idleRounds = 0;

  /** @param msPerToken cost of a proposed token, until it is measured */
  constructor(passTimes: PassTimes, msPerToken = 0) {
    this.#passTimes = passTimes;
    this.#msPerToken = msPerToken;
  }

  /** Share of proposed tokens that hold, 0 to 1. */
  get acceptance(): number {
    return this.#held / this.#judged;
  }

  next(): ProposalChoice {
    const best = this.#best(this.acceptance);
    if (best.length > 0 || !this.#isTimeToTry()) return best;
    return { length: 1, rate: best.rate };
  }

  /** One round that proposed: `held` of `proposed` tokens were right; what follows the first wrong one was not judged. */
  record(proposed: number, held: number): void {
    this.#held = this.#held * MEMORY + held;
    this.#judged = this.#judged * MEMORY + Math.min(held + 1, proposed);
    this.#idleRounds = 0;
    if (held === proposed) this.#pause = FIRST_PAUSE;
  }

  /** Proposing so many tokens took so long. A look-up's microseconds are no cost. */
  recordCost(proposed: number, ms: number): void {
    if (this.#msPerToken > 0) this.#msPerToken = MEMORY * this.#msPerToken + (1 - MEMORY) * (ms / proposed);
  }

  #isTimeToTry(): boolean {
    this.#idleRounds++;
    if (this.#idleRounds < this.#pause || this.#best(HOPED_SHARE).length === 0) return false;
    this.#idleRounds = 0;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    return true;
  }

  #best(share: number): ProposalChoice {
    let best: ProposalChoice = { length: 0, rate: 1 / this.#passTimes.estimateMs(1) };
    for (let length = 1; length <= LONGEST; length++) {
      const ms = this.#passTimes.estimateMs(length + 1) + length * this.#msPerToken;
      const rate = expectedTokens(length, Math.min(share, 0.98)) / ms;
      if (rate > best.rate) best = { length, rate };
    }
    return best;
  }
}

function expectedTokens(length: number, share: number): number {
  return (1 - share ** (length + 1)) / (1 - share);
}
