import { z } from 'zod';
import type { PromptFormat } from '../../core/prompt-format.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { replyFailure } from '../http/http-failure.ts';
import { singleReward } from './single-reward.ts';

const reply = z.array(z.object({ embedding: z.array(z.number()) }));

/**
 * A reward model that SGLang serves with `--is-embedding`. Its `/classify` takes texts, so the conversation is written
 * here. Endpoint and shapes: docs/rewards.md.
 *
 * @param format the model's chat template, for complete conversations
 */
export function sglangReward(client: HttpClient, model: string | undefined, format: PromptFormat): RewardModel {
  const rewards: NonNullable<RewardModel['rewards']> = async (messages, responses, { signal } = {}) => {
    if (responses.length === 0) return [];
    const text = responses.map((content) => {
      const segments = format.format([...messages, { role: 'assistant', content }]).text;
      return segments.map((segment) => segment.text).join('');
    });
    const results = await client.ask('/classify', { ...(model !== undefined && { model }), text }, reply, { signal });
    if (results.length !== text.length) {
      throw replyFailure(client.server, `${results.length} rewards for ${text.length} texts`);
    }
    return results.map(({ embedding }) => singleReward(embedding, client.server));
  };
  return {
    id: model ?? client.server.url,
    rewards,
    reward: async (messages, response, options) => (await rewards(messages, [response], options))[0]!,
    close: () => client.close(),
  };
}
