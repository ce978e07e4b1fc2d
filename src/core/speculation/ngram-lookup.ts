import type { TokenId } from '../token-id.ts';
import type { TokenProposer } from './token-proposer.ts';

export interface NgramLookupOptions {
  /** Longest end of the text to look for; longer matches are tried first. Default: 4. */
  readonly longest?: number;
  /** Shortest end of the text to look for. Default: 2; single tokens match too much. */
  readonly shortest?: number;
  /** See `TokenProposer`. */
  readonly expectedShare?: number;
}

/**
 * Prompt look-up: finds the last earlier place where the text's final n tokens stand, and proposes what followed there.
 * Free, and right wherever a text repeats itself or quotes its prompt.
 *
 * One instance follows one growing text: an index of n-grams is kept, and made anew where the text is another.
 */
export function ngramLookup({ longest = 4, shortest = 2, expectedShare }: NgramLookupOptions = {}): TokenProposer {
  const sizes = Array.from({ length: longest - shortest + 1 }, (_, i) => longest - i);
  const index = new NgramIndex(sizes);
  return {
    name: `ngram-lookup-${shortest}-${longest}`,
    msPerToken: 0,
    ...(expectedShare !== undefined && { expectedShare }),
    propose(tokens, limit) {
      index.extend(tokens);
      const place = index.find(tokens);
      return place === undefined ? [] : goOnFrom(tokens, place, limit);
    },
  };
}

/** What followed; where that reaches the end of the text, the text repeats itself, and so does the proposal. */
function goOnFrom(tokens: readonly TokenId[], place: number, count: number): TokenId[] {
  const period = tokens.length - place;
  return Array.from({ length: count }, (_, i) => tokens[place + (i % period)]!);
}

/** For each n, where each n-gram was last followed by another token. */
class NgramIndex {
  readonly #places: ReadonlyMap<number, Map<string, number>>;
  /** The text that was taken in: its length, first and last token. */
  #length = 0;
  #first: TokenId | undefined;
  #last: TokenId | undefined;

  constructor(sizes: readonly number[]) {
    this.#places = new Map(sizes.map((size) => [size, new Map<string, number>()]));
  }

  /** Takes in n-grams that end before the last token: their successors are known. */
  extend(tokens: readonly TokenId[]): void {
    if (!this.#isContinuedBy(tokens)) this.#reset();
    for (let end = Math.max(this.#length, 1); end < tokens.length; end++) {
      for (const [size, places] of this.#places) {
        if (end >= size) places.set(keyOf(tokens, end - size, end), end);
      }
    }
    this.#length = tokens.length;
    this.#first = tokens[0];
    this.#last = tokens.at(-1);
  }

  /** Position that followed the longest known end of the text. */
  find(tokens: readonly TokenId[]): number | undefined {
    for (const [size, places] of this.#places) {
      const place = tokens.length >= size ? places.get(keyOf(tokens, tokens.length - size, tokens.length)) : undefined;
      if (place !== undefined) return place;
    }
    return undefined;
  }

  #isContinuedBy(tokens: readonly TokenId[]): boolean {
    return this.#length <= tokens.length && this.#first === tokens[0] && this.#last === tokens[this.#length - 1];
  }

  #reset(): void {
    this.#length = 0;
    for (const places of this.#places.values()) places.clear();
  }
}

function keyOf(tokens: readonly TokenId[], from: number, to: number): string {
  return tokens.slice(from, to).join();
}
