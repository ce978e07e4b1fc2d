import type { TokenId } from './token-id.ts';

/** What the base says about one given token. */
export interface TokenScore {
  readonly token: TokenId;
  /** ln P(token | everything before it): natural log, ≤ 0, before temperature; -Infinity for an impossible token. */
  readonly logprob: number;
  /** 1 is the most likely token. Only from an engine whose `capabilities.statistics` name it, as the next two. */
  readonly rank?: number;
  /** Entropy of the whole distribution in nats. */
  readonly entropy?: number;
  /** The model's own first choice at this place. */
  readonly firstChoice?: TokenId;
  /** ln P of `firstChoice`. Only where the engine gives it beside `firstChoice`. */
  readonly firstChoiceLogprob?: number;
}
