import type { DraftedToken, Verdict } from './switch-criterion.ts';
import type { TokenId } from './token-id.ts';

/** What a criterion said of a drafted token. */
export interface JudgedToken {
  readonly verdict: Verdict;
  /** ln P of the token, see `TokenScore`. Undefined where the verdict was known without it. */
  readonly logprob: number | undefined;
}

/** A base and a criterion that judge one draft, chunk by chunk. */
export interface DraftJudge {
  /**
   * @param prefix all tokens before the chunk; at least one
   * @param tokens of the chunk: the next ones of the draft
   * @returns a verdict for each, in order, up to the first one that accepts
   */
  judge(
    prefix: readonly TokenId[],
    tokens: readonly Pick<DraftedToken, 'token' | 'bytes'>[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<JudgedToken[]>;
}
