import type { CallOptions, NextToken, TokenId } from '../../core/language-model.ts';
import type { NetworkTokenizer } from './network-tokenizer.ts';

/** A likely token as a server tells it; its bytes where the server tells them. */
export interface LikelyToken {
  readonly token: TokenId;
  /** ln P of it; -Infinity for a probability of 0. */
  readonly logprob: number;
  readonly bytes?: Uint8Array;
}

/** A bias that makes a server write a token: more than any difference between two logits. */
export const FORCING_BIAS = 1e6;

/** What a kind of server knows of the next token. */
export interface NextTokenSource {
  /** At least the `count` most likely tokens, in any order. */
  likeliest(prefix: readonly TokenId[], count: number, options: CallOptions): Promise<readonly LikelyToken[]>;
  /** Whether a text ends with this token: the server is made to write it after the prefix. */
  endsText(prefix: readonly TokenId[], token: TokenId, options: CallOptions): Promise<boolean>;
}

/** Makes the most likely next tokens of what a server tells. */
export class NextTokenReader {
  readonly #source: NextTokenSource;
  readonly #tokenizer: NetworkTokenizer;
  /** No server lists the tokens that end a text; of each token without bytes it is asked once. */
  readonly #ends = new Map<TokenId, boolean>();

  constructor(source: NextTokenSource, tokenizer: NetworkTokenizer) {
    this.#source = source;
    this.#tokenizer = tokenizer;
  }

  /** The most likely first; the lowest id of equals. */
  async read(prefix: readonly TokenId[], count: number, options: CallOptions): Promise<NextToken[]> {
    const likeliest = (await this.#source.likeliest(prefix, count, options))
      .filter(({ logprob }) => logprob > -Infinity)
      .sort((left, right) => right.logprob - left.logprob || left.token - right.token)
      .slice(0, count);
    return await Promise.all(
      likeliest.map(async ({ token, logprob, ...told }) => {
        const bytes = await this.#bytesOf(token, told.bytes, options);
        const ends = bytes.length === 0 && (await this.#endsText(prefix, token, options));
        return { token, logprob, bytes, ends };
      }),
    );
  }

  async #bytesOf(token: TokenId, told: Uint8Array | undefined, options: CallOptions): Promise<Uint8Array> {
    const { bytesOf } = this.#tokenizer;
    if (bytesOf) return bytesOf(token);
    return told ?? (await this.#tokenizer.decode([token], options))[0]!;
  }

  async #endsText(prefix: readonly TokenId[], token: TokenId, options: CallOptions): Promise<boolean> {
    const known = this.#ends.get(token);
    if (known !== undefined) return known;
    const ends = await this.#source.endsText(prefix, token, options);
    this.#ends.set(token, ends);
    return ends;
  }
}
