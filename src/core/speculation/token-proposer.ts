import type { TokenId } from '../token-id.ts';

/**
 * Guesses how a text goes on, so that a model can verify several tokens in one forward pass. Guesses cost time when
 * they are wrong, never the text: what a model generates with a proposer is what it generates without one.
 */
export interface TokenProposer {
  readonly name: string;
  /** Milliseconds that a proposed token is expected to cost, until that is measured; 0 for a look-up. */
  readonly msPerToken: number;
  /** Share of its tokens that are expected to hold until that is measured, 0 to 1. Default: 0.75. */
  readonly expectedShare?: number;
  /** Up to `limit` tokens that may follow `tokens`; none where it has no guess. */
  propose(
    tokens: readonly TokenId[],
    limit: number,
    signal?: AbortSignal,
  ): readonly TokenId[] | Promise<readonly TokenId[]>;
}
