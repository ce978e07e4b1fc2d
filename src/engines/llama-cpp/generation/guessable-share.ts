import type { TokenId } from '../../../core/language-model.ts';

/** How fast earlier tokens of a text fade. */
const MEMORY = 0.97;
/** The share to expect counts as so many tokens. */
const EXPECTED = { share: 0.97, weight: 30 };

/** How many of a text's tokens could have been guessed, as it goes on. */
export class GuessableShare {
  #guessable = EXPECTED.share * EXPECTED.weight;
  #all = EXPECTED.weight;

  /** 0 to 1. */
  get value(): number {
    return this.#guessable / this.#all;
  }

  /** Further tokens, of which one that came before can be guessed. */
  take(tokens: readonly TokenId[], canGuess: (token: TokenId) => boolean): void {
    const seen = new Set<TokenId>();
    for (const token of tokens) {
      this.#guessable = MEMORY * this.#guessable + (seen.has(token) || canGuess(token) ? 1 : 0);
      this.#all = MEMORY * this.#all + 1;
      seen.add(token);
    }
  }
}
