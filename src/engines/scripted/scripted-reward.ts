import type { ChatMessage } from '../../core/prompt-format.ts';
import type { RewardModel } from '../../core/reward-model.ts';

export interface ScriptedRewardOptions {
  readonly id?: string;
  /** The reward of a response. A pure function. */
  readonly of: (response: string, messages: readonly ChatMessage[]) => number;
  /** Awaited before each reward: a place to wait, to abort, or to fail. */
  readonly beforeReward?: (response: string) => void | Promise<void>;
}

/** A reward model in memory whose rewards are known: for tests. */
export function scriptedReward({
  id = 'scripted-reward',
  of,
  beforeReward,
}: ScriptedRewardOptions): RewardModel & { readonly rewarded: readonly string[] } {
  const rewarded: string[] = [];
  return {
    id,
    /** The responses so far, in the order in which they were asked for. */
    rewarded,
    async reward(messages, response, { signal } = {}) {
      signal?.throwIfAborted();
      rewarded.push(response);
      await beforeReward?.(response);
      signal?.throwIfAborted();
      return of(response, messages);
    },
    close: () => Promise.resolve(),
  };
}
