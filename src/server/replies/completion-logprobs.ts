/** JSON has no -Infinity; this stands for it in OpenAI's API. */
const IMPOSSIBLE = -9999;

export interface CompletionToken {
  readonly text: string;
  /** Undefined for the first token of all. */
  readonly logprob: number | undefined;
  /** Characters that it completes in the reply's text, by code points. */
  readonly length: number;
  /** The most likely token and its ln P. */
  readonly best?: Readonly<Record<string, number>> | undefined;
}

/** `choices[i].logprobs` of a text completion: lists of the same length. */
export class CompletionLogprobs {
  readonly #top: number;
  readonly #tokens: CompletionToken[] = [];

  /** @param top how many most likely tokens are listed, 0 or 1 */
  constructor(top: number) {
    this.#top = top;
  }

  add(token: CompletionToken): void {
    this.#tokens.push(token);
  }

  concat(other: CompletionLogprobs): CompletionLogprobs {
    const all = new CompletionLogprobs(this.#top);
    for (const token of [...this.#tokens, ...other.#tokens]) all.add(token);
    return all;
  }

  /** @param offset code points of the reply's text before the first token */
  toJson(offset = 0) {
    let end = offset;
    return {
      tokens: this.#tokens.map(({ text }) => text),
      token_logprobs: this.#tokens.map(({ logprob }) => (logprob === undefined ? null : Math.max(logprob, IMPOSSIBLE))),
      top_logprobs: this.#top === 0 ? null : this.#tokens.map(({ best }) => best ?? null),
      text_offset: this.#tokens.map(({ length }) => (end += length) - length),
    };
  }
}
