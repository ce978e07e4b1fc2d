import { z } from 'zod';
import { EngineError } from '../../core/errors.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import { singleReward } from './single-reward.ts';

const classified = z.object({ data: z.tuple([z.object({ probs: z.array(z.number()) })]) });
const numbers = z.array(z.number());
const pooled = z.object({ data: z.tuple([z.object({ data: z.union([numbers, z.array(numbers).min(1)]) })]) });

type Ask = (client: HttpClient, body: object, signal: AbortSignal | undefined) => Promise<readonly number[]>;

/** Models for sequence classification, with one label. */
const classify: Ask = async (client, body, signal) =>
  (await client.ask('/classify', body, classified, { signal })).data[0].probs;

/** Models with a pooler of their own; of numbers for each token, those of the last one. */
const pool: Ask = async (client, body, signal) => {
  const [{ data }] = (await client.ask('/pooling', body, pooled, { signal })).data;
  return z.array(numbers).safeParse(data).data?.at(-1) ?? (data as number[]);
};

/**
 * A reward model that vLLM serves with `--runner pooling`. The server writes the conversation by the model's own chat
 * template; activations are left out, so a reward is the head's raw number. Endpoints and shapes: docs/rewards.md.
 */
export function vllmReward(client: HttpClient, model: string | undefined): RewardModel {
  let ask: Ask | undefined;
  return {
    id: model ?? client.server.url,
    async reward(messages, response, { signal } = {}) {
      const body = requestBody(model, messages, response);
      if (ask) return singleReward(await ask(client, body, signal), client.server);
      const first = await firstThatAnswers(client, body, signal);
      ask = first.ask;
      return singleReward(first.numbers, client.server);
    },
    close: () => client.close(),
  };
}

/** Which endpoint a server has follows from its model; one that has not answers with 400 or 404. */
async function firstThatAnswers(
  client: HttpClient,
  body: object,
  signal: AbortSignal | undefined,
): Promise<{ readonly ask: Ask; readonly numbers: readonly number[] }> {
  try {
    return { ask: classify, numbers: await classify(client, body, signal) };
  } catch (error) {
    if (!(error instanceof EngineError) || (error.status !== 400 && error.status !== 404)) throw error;
    // Where neither answers, the first one's reason is the clearer.
    const numbers = await pool(client, body, signal).catch((second: unknown) => {
      throw second instanceof EngineError ? error : second;
    });
    return { ask: pool, numbers };
  }
}

function requestBody(model: string | undefined, messages: readonly ChatMessage[], response: string): object {
  return {
    ...(model !== undefined && { model }),
    messages: [...messages, { role: 'assistant', content: response }],
    add_generation_prompt: false,
    use_activation: false,
  };
}
