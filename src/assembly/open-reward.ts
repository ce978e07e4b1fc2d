import type { RewardModel } from '../core/reward-model.ts';
import type { Machine } from './machine.ts';
import type { ModelSettings } from './model-settings.ts';
import { openEmbeddedReward } from './rewards/open-embedded-reward.ts';
import { openJudge, openSglangReward, openVllmReward } from './rewards/open-network-reward.ts';
import { parseRewardReference, type RewardKind, type RewardReference } from './rewards/reward-reference.ts';
import type { RewardUse } from './rewards/reward-use.ts';

export type { RewardUse };

type Open = (
  reference: RewardReference,
  machine: Machine,
  settings: ModelSettings,
  use: RewardUse,
) => Promise<RewardModel>;

const KINDS: Readonly<Record<RewardKind, Open>> = {
  embedded: openEmbeddedReward,
  vllm: openVllmReward,
  sglang: openSglangReward,
  judge: openJudge,
};

/**
 * Opens the reward model that a user named with `--reward`: see docs/rewards.md for what may be named.
 *
 * @throws ConfigError, ModelFileError, DownloadError, EngineError, CapabilityError
 */
export function openReward(
  reference: string,
  machine: Machine,
  settings: ModelSettings,
  use: RewardUse = { parallel: 1 },
): Promise<RewardModel> {
  const parsed = parseRewardReference(reference);
  return KINDS[parsed.kind](parsed, machine, settings, use);
}
