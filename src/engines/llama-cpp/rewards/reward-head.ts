/** What turns a hidden state h into a reward: weight · h + bias. */
export interface RewardHead {
  /** As long as a hidden state. */
  readonly weight: Float32Array;
  readonly bias: number;
}

export function applyHead({ weight, bias }: RewardHead, hidden: Float32Array): number {
  return hidden.reduce((sum, value, i) => sum + value * weight[i]!, bias);
}
