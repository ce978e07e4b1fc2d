import type { TokenId } from '../../../core/language-model.ts';
import { FadingShare } from '../speculation/fading-share.ts';

/** Most tokens of a text can be guessed, until it shows otherwise over some thirty of them. */
const EXPECTATION = { expected: 0.97, weight: 30, memory: 0.97 };

/** How many of a text's tokens could have been guessed, as it goes on. */
export class GuessableShare {
  readonly #share = new FadingShare(EXPECTATION);
  readonly #seen = new Set<TokenId>();

  /** 0 to 1. */
  get value(): number {
    return this.#share.value;
  }

  /** Further tokens, of which one that came before can be guessed. */
  take(tokens: readonly TokenId[], canGuess: (token: TokenId) => boolean): void {
    for (const token of tokens) {
      this.#share.record(this.#seen.has(token) || canGuess(token) ? 1 : 0, 1);
      this.#seen.add(token);
    }
  }
}
