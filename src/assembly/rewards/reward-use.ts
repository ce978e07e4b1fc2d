/** How a reward model is used. */
export interface RewardUse {
  /** Responses that are rewarded at the same time, a whole number ≥ 1. */
  readonly parallel: number;
}
