import { CapabilityError } from '../core/errors.ts';
import type { RewardModel } from '../core/reward-model.ts';
import type { Machine } from './machine.ts';
import type { ModelSettings } from './model-settings.ts';

/** How a reward model is used. */
export interface RewardUse {
  /** Responses that are rewarded at the same time, a whole number ≥ 1. */
  readonly parallel: number;
}

type OpenReward = (
  reference: string,
  machine: Machine,
  settings: ModelSettings,
  use: RewardUse,
) => Promise<RewardModel>;

/**
 * Opens the reward model that a user named with `--reward`.
 *
 * @throws CapabilityError: no engine for reward models is part of this version
 */
export const openReward: OpenReward = (reference) =>
  Promise.reject(
    new CapabilityError(
      'no-reward-engine',
      `The reward model ${reference} can't be opened: this version has no engine for reward models. Give one to the library's createStrategy, or choose a strategy without reward.`,
    ),
  );
