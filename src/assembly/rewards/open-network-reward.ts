import { settingName } from '../../core/setting-name.ts';
import { ConfigError } from '../../core/errors.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import { HttpClient } from '../../engines/http/http-client.ts';
import { keyVariable, serverKey } from '../../engines/http/server-key.ts';
import { judgeReward } from '../../engines/rewards/judge-reward.ts';
import { sglangReward } from '../../engines/rewards/sglang-reward.ts';
import { vllmReward } from '../../engines/rewards/vllm-reward.ts';
import { chatTemplate } from '../../prompts/chat-template.ts';
import type { ModelSettings } from '../model-settings.ts';
import { readRewardFile } from './read-reward-file.ts';
import { type RewardReference, rewardServer } from './reward-reference.ts';

export async function openVllmReward(reference: RewardReference, settings: ModelSettings): Promise<RewardModel> {
  return vllmReward(await connect(reference, settings), reference.options.model);
}

export async function openSglangReward(reference: RewardReference, settings: ModelSettings): Promise<RewardModel> {
  const { template, model } = reference.options;
  if (template === undefined) {
    throw new ConfigError(
      'no-chat-template',
      `${settingName('reward')} sglang: needs the chat template of its model, which that server does not tell: add #template=FILE to the address.`,
    );
  }
  const source = await readRewardFile(template, 'template');
  const replacement = '#template=FILE behind the address';
  const format = chatTemplate({ source, owner: template, controlTexts: [], complete: true, replacement });
  return sglangReward(await connect(reference, settings), model, format);
}

export async function openJudge(reference: RewardReference, settings: ModelSettings): Promise<RewardModel> {
  const { rubric, model } = reference.options;
  const text = rubric === undefined ? undefined : await readRewardFile(rubric, 'rubric');
  return judgeReward(await connect(reference, settings), { model, rubric: text });
}

async function connect(
  reference: RewardReference,
  { rewardKeyEnv = keyVariable('reward'), serverTimeoutMs: timeoutMs }: ModelSettings,
): Promise<HttpClient> {
  const { url } = rewardServer(reference)!;
  return new HttpClient({
    engine: reference.kind,
    url,
    key: await serverKey(rewardKeyEnv),
    keyVariable: rewardKeyEnv,
    timeoutMs,
  });
}
