import { FadingShare } from './fading-share.ts';
import type { PassTimes } from './pass-times.ts';
import type { TokenProposer } from '../../../core/speculation/token-proposer.ts';

/** With the token before them they make passes of 2 to 16, sizes that kernels are made for; longer ones hold up others. */
const LENGTHS = [1, 3, 5, 7, 11, 15];
/** How fast old measurements fade. */
const MEMORY = 0.9;
/** The expected share counts as so many judged tokens. */
const EXPECTATION_WEIGHT = 5;
/** Rounds without a proposal before one is tried again, so that a text that begins to repeat is noticed. */
const FIRST_PAUSE = 8;
const LONGEST_PAUSE = 128;
/** The best share of proposals that hold to hope for: of a model's, and of what a text repeats. */
const HOPED_OF_MODEL = 0.8;
const HOPED_OF_REPETITION = 0.95;

/** What a forward pass has to compute beside proposals. */
export interface PassLoad {
  /** Tokens of all requests, at least 1. */
  readonly tokens: number;
  /** Requests that want their next token, this one included. */
  readonly writers: number;
}

export const ALONE: PassLoad = { tokens: 1, writers: 1 };

export interface ProposalChoice {
  /** 0 to 15 tokens; 0 is to propose nothing. */
  readonly length: number;
  /** Expected tokens a millisecond of all who share the pass, the time of proposing included. */
  readonly rate: number;
}

/**
 * How many tokens one proposer should propose, from what was measured so far on this machine and this text: the share
 * of its tokens that hold, what they cost, and the time of a forward pass by the number of its tokens. Proposing nothing
 * is one of the choices, so speculation switches itself off where it does not pay.
 *
 * With α the share that holds, n proposals give (1 − α^(n+1)) / (1 − α) tokens on average (Leviathan et al., arXiv
 * 2211.17192, equation 1), in t(n+1) + n·c milliseconds, c the cost of a proposed token; n is chosen for the most tokens
 * a millisecond. Where w of the requests that share a pass propose, each counts on the others to propose as much as
 * itself: with the m tokens that the pass has anyway, w·n proposals give w times as many further tokens, in
 * t(m + w·n) + w·n·c milliseconds. The fuller a pass is without proposals, the fewer of them are worth it.
 */
export class ProposalLength {
  readonly #passTimes: PassTimes;
  readonly #share: FadingShare;
  #msPerToken: number;
  #pause = FIRST_PAUSE;
  #idleRounds = 0;

  constructor(
    passTimes: PassTimes,
    { msPerToken, expectedShare = 0.75 }: Pick<TokenProposer, 'msPerToken' | 'expectedShare'>,
  ) {
    this.#passTimes = passTimes;
    this.#msPerToken = msPerToken;
    this.#share = new FadingShare({ expected: expectedShare, weight: EXPECTATION_WEIGHT, memory: MEMORY });
  }

  /** Share of proposed tokens that hold, 0 to 1. */
  get acceptance(): number {
    return this.#share.value;
  }

  next(load: PassLoad = ALONE): ProposalChoice {
    const best = this.#best(this.acceptance, load);
    if (best.length > 0 || !this.#isTimeToTry(load)) return best;
    return { length: this.#best(this.#hopedShare, load).length, rate: best.rate };
  }

  /** One round that proposed: `held` of `proposed` tokens were right; what follows the first wrong one was not judged. */
  record(proposed: number, held: number): void {
    this.#share.record(held, Math.min(held + 1, proposed));
    this.#idleRounds = 0;
    if (held === proposed) this.#pause = FIRST_PAUSE;
  }

  /** Proposing so many tokens took so long. A look-up's microseconds are no cost. */
  recordCost(proposed: number, ms: number): void {
    if (this.#msPerToken > 0) this.#msPerToken = MEMORY * this.#msPerToken + (1 - MEMORY) * (ms / proposed);
  }

  /** What does not pay even then is never tried. */
  get #hopedShare(): number {
    return this.#msPerToken > 0 ? HOPED_OF_MODEL : HOPED_OF_REPETITION;
  }

  #isTimeToTry(load: PassLoad): boolean {
    this.#idleRounds++;
    if (this.#idleRounds < this.#pause || this.#best(this.#hopedShare, load).length === 0) return false;
    this.#idleRounds = 0;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    return true;
  }

  #best(share: number, { tokens, writers }: PassLoad): ProposalChoice {
    let best: ProposalChoice = { length: 0, rate: tokens / this.#passTimes.estimateMs(tokens) };
    for (const length of LENGTHS) {
      const proposed = writers * length;
      const ms = this.#passTimes.estimateMs(tokens + proposed) + proposed * this.#msPerToken;
      const rate = (tokens + writers * expectedGain(length, Math.min(share, 0.98))) / ms;
      if (rate > best.rate) best = { length, rate };
    }
    return best;
  }
}

/** Tokens beside the one that a pass gives anyway. */
function expectedGain(length: number, share: number): number {
  return (1 - share ** (length + 1)) / (1 - share) - 1;
}
