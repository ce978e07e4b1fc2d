import type { TokenId } from '../../../core/language-model.ts';
import { ConfirmedRounds, type ConfirmedRoundsParts } from './confirmed-rounds.ts';
import { lastRow } from './expected-tokens.ts';
import { GuessableShare } from './guessable-share.ts';
import type { Round, Rounds, RoundsOptions } from './round.ts';
import { VerifiedRounds, type VerifiedRoundsParts } from './verified-rounds.ts';

/** Where fewer tokens could be guessed, too much is written in vain. */
const WORTH_GUESSING = 0.92;
/** With more of them, a single pass has as many states as are worth multiplying at once. */
const MOST_WRITERS = 12;
/** With more of them that need logits anyway, passes with all of the output matrix are faster for all. */
const MOST_LOGIT_WRITERS = 1;

export interface RoundsParts extends VerifiedRoundsParts {
  /** Undefined where tokens are not confirmed apart from their passes. */
  readonly confirming: ConfirmedRoundsParts | undefined;
}

/** How to write on after a prefix. Who lets nothing be proposed gets a pass a token. */
export function roundsFor(parts: RoundsParts, options: RoundsOptions): Rounds {
  if (!parts.confirming || options.proposers === undefined) return new VerifiedRounds(parts, options);
  return new FasterRounds(parts.confirming, {
    verified: new VerifiedRounds({ ...parts, couldGuess: true }, options),
    confirmed: new ConfirmedRounds(parts.confirming, options),
  });
}

/** Tokens are confirmed several at a time while few texts are written and this one can be guessed, else pass by pass. */
class FasterRounds implements Rounds {
  readonly areShort = false;
  readonly #parts: ConfirmedRoundsParts;
  readonly #rounds: { readonly verified: Rounds; readonly confirmed: Rounds };
  readonly #share = new GuessableShare();
  #known = 0;

  constructor(parts: ConfirmedRoundsParts, rounds: { readonly verified: Rounds; readonly confirmed: Rounds }) {
    this.#parts = parts;
    this.#rounds = rounds;
  }

  async next(tokens: readonly TokenId[], limit: number): Promise<Round> {
    const { scheduler, head } = this.#parts;
    const { verified, confirmed } = this.#rounds;
    // Logits that are there cost nothing, and a state would take a pass.
    const isBegun = lastRow(tokens, scheduler) === 'logits';
    if (isBegun || this.#isAmongMany()) return await verified.next(tokens, limit);
    const fresh = tokens.slice(this.#known);
    this.#known = tokens.length;
    this.#share.take(fresh, (token) => head.canGuess(token));
    return await (this.#share.value >= WORTH_GUESSING ? confirmed : verified).next(tokens, limit);
  }

  #isAmongMany(): boolean {
    const { lastLoad, lastLogitWriters } = this.#parts.scheduler;
    return lastLoad.writers > MOST_WRITERS || lastLogitWriters > MOST_LOGIT_WRITERS;
  }
}
