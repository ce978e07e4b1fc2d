import { ContextOverflowError } from '../../core/errors.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import { rewardsOf } from '../../core/rewards-of.ts';
import { chosenText, type PreferencePair, rejectedText } from '../preference-pair.ts';

/** How much more the chosen response is worth to a reward model; undefined where the pair is too long for it. */
export async function rewardMargin(
  model: RewardModel,
  pair: PreferencePair,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const responses = [chosenText(pair), rejectedText(pair)];
  try {
    const [chosen, rejected] = await rewardsOf(model, pair.prompt, responses, signal ? { signal } : {});
    return chosen! - rejected!;
  } catch (error) {
    if (error instanceof ContextOverflowError) return undefined;
    throw error;
  }
}
