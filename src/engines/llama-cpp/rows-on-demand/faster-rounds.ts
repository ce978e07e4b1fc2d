import type { TokenId } from '../../../core/language-model.ts';
import { lastRow } from '../generation/expected-tokens.ts';
import type { Round, Rounds } from '../generation/round.ts';
import type { Scheduler } from '../scheduler.ts';
import { GuessableShare } from './guessable-share.ts';
import type { OutputHead } from './output-head.ts';

/** Where fewer tokens could be guessed, too much is written in vain. */
const WORTH_GUESSING = 0.92;
/** With more of them, a single pass has as many states as are worth multiplying at once. */
const MOST_WRITERS = 12;
/** With more of them that need logits anyway, passes with all of the output matrix are faster for all. */
const MOST_LOGIT_WRITERS = 1;

export interface FasterRoundsParts {
  readonly scheduler: Scheduler;
  readonly head: OutputHead;
}

/** Tokens are confirmed several at a time while few texts are written and this one can be guessed, else pass by pass. */
export class FasterRounds implements Rounds {
  readonly areShort = false;
  readonly #parts: FasterRoundsParts;
  readonly #rounds: { readonly verified: Rounds; readonly confirmed: Rounds };
  readonly #share = new GuessableShare();
  #known = 0;

  constructor(parts: FasterRoundsParts, rounds: { readonly verified: Rounds; readonly confirmed: Rounds }) {
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
