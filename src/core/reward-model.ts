import type { ChatMessage } from './prompt-format.ts';

/**
 * Says how good a response is. Rewards of one model compare with one another, on a scale of its own: no unit, no
 * bounds; the greater, the better.
 */
export interface RewardModel {
  readonly id: string;
  /**
   * @param messages the conversation that is answered, the last message from the user
   * @param response the answer so far; may be unfinished, or empty
   * @throws AbortError when the signal aborts, EngineError, ContextOverflowError
   */
  reward(
    messages: readonly ChatMessage[],
    response: string,
    options?: { readonly signal?: AbortSignal },
  ): Promise<number>;
  /**
   * The rewards of several responses to one conversation, in order. There where it is faster than one after the other;
   * `rewardsOf` works with every model.
   */
  rewards?(
    messages: readonly ChatMessage[],
    responses: readonly string[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<number[]>;
  close(): Promise<void>;
}
