import type { RewardModel } from '../core/reward-model.ts';
import { type Machine, openMachine } from './machine.ts';
import type { ModelSettings } from './model-settings.ts';
import { openEmbeddedReward } from './rewards/open-embedded-reward.ts';
import { parseRewardReference, type RewardKind, type RewardReference } from './rewards/reward-reference.ts';

type OpenOnServer = (reference: RewardReference, settings: ModelSettings) => Promise<RewardModel>;

/** Loaded when they are first needed. */
const ON_SERVERS: Readonly<Record<Exclude<RewardKind, 'embedded'>, () => Promise<OpenOnServer>>> = {
  vllm: async () => (await import('./rewards/open-network-reward.ts')).openVllmReward,
  sglang: async () => (await import('./rewards/open-network-reward.ts')).openSglangReward,
  judge: async () => (await import('./rewards/open-network-reward.ts')).openJudge,
};

/** How a reward model is used. */
export interface RewardUse {
  /** Responses that are rewarded at the same time, a whole number ≥ 1. Default: 1. */
  readonly parallel?: number;
  /** The machine that it shares with other models, opened on demand. By default it has one of its own, closed with it. */
  readonly machine?: () => Promise<Machine>;
}

/**
 * Opens a reward model.
 *
 * @param reference what `--reward` takes: a GGUF model with a reward head or a classifier, or `vllm:`, `sglang:` or
 *   `judge:` before the URL of a server; docs/rewards.md has the whole form
 * @throws ConfigError, ModelFileError, DownloadError, EngineError, CapabilityError
 */
export async function openReward(
  reference: string,
  settings: ModelSettings = {},
  { parallel = 1, machine }: RewardUse = {},
): Promise<RewardModel> {
  const parsed = parseRewardReference(reference);
  if (parsed.kind !== 'embedded') return (await ON_SERVERS[parsed.kind]())(parsed, settings);
  if (machine) return openEmbeddedReward(parsed, await machine(), settings, parallel);
  return openAlone(parsed, settings, parallel);
}

async function openAlone(reference: RewardReference, settings: ModelSettings, parallel: number): Promise<RewardModel> {
  const machine = await openMachine(settings);
  try {
    const model = await openEmbeddedReward(reference, machine, settings, parallel);
    const close = model.close.bind(model);
    return Object.assign(model, { close: () => close().finally(() => machine.lane.close()) });
  } catch (error) {
    await machine.lane.close();
    throw error;
  }
}
