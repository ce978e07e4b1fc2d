import type { Statistics } from './statistics.ts';
import type { TokenScore } from './token-score.ts';

/** One drafted token, in the base's vocabulary. */
export interface DraftedToken extends TokenScore {
  /** Its part of the response's text; may begin or end in the middle of a character. */
  readonly bytes: Uint8Array;
  /** ln of the draft's own probability of these bytes, see `DraftConfidence`. Only with `needsDraftLogprobs`. */
  readonly draftLogprob?: number;
}

/** What a detector says of one more drafted token. */
export interface Verdict {
  /** The criterion's own measure at this token, e.g. the window's geometric mean; undefined while it has none. */
  readonly value: number | undefined;
  /** True: the base takes over after this token, which is kept. */
  readonly accept: boolean;
}

/** The state of a criterion along one response. Sees every drafted token once, in order. */
export interface SwitchDetector {
  push(token: DraftedToken): Verdict;
}

/** When the base takes over: an immutable value, usable for many responses at once. */
export interface SwitchCriterion {
  /** For people and traces, e.g. `confidence(window=6, threshold=0.8)`. */
  readonly name: string;
  /** Which of `TokenScore.rank`, `entropy` and `firstChoice` are needed; true is all of them. */
  readonly needsStatistics: Statistics;
  /** True where `DraftedToken.draftLogprob` is needed, so the draft's engine has to give logprobs. */
  readonly needsDraftLogprobs?: boolean;
  start(): SwitchDetector;
}
