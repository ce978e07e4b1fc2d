import type { GenerateOptions, SamplingParams } from '../../core/language-model.ts';

/** What a kind of server takes besides what every chat endpoint takes. */
export interface ChatServer {
  readonly unsupported: readonly (keyof SamplingParams)[];
  /** True: tokens come with their logprobs where they are asked for. */
  readonly givesLogprobs: boolean;
  /** True: they are those after the temperature, not the model's own. */
  readonly tempersLogprobs?: boolean;
  /** A trailing assistant message is the beginning of the answer, with these fields. */
  readonly continues: object | undefined;
  /** All settings, for what is left out may come from the model's own defaults. */
  extras(options: GenerateOptions): object;
}

const vllm: ChatServer = {
  unsupported: ['repetitionPenalty'],
  givesLogprobs: true,
  continues: { add_generation_prompt: false, continue_final_message: true },
  extras: ({ topK = 0, minP = 0 }) => ({ top_k: topK === 0 ? -1 : topK, min_p: minP, repetition_penalty: 1 }),
};

/** Every engine's name, and what its servers take. */
export const CHAT_SERVERS: Readonly<Record<string, ChatServer>> = {
  chat: {
    unsupported: ['topK', 'minP', 'repetitionPenalty'],
    givesLogprobs: false,
    continues: undefined,
    extras: () => ({}),
  },
  openai: {
    unsupported: ['topK', 'minP', 'repetitionPenalty'],
    givesLogprobs: false,
    continues: undefined,
    extras: () => ({}),
  },
  vllm,
  sglang: { ...vllm, tempersLogprobs: true, continues: { continue_final_message: true } },
  'llama-server': {
    unsupported: [],
    givesLogprobs: true,
    // It goes on from a trailing assistant message of its own accord.
    continues: {},
    extras: ({ topK = 0, minP = 0, repetitionPenalty = 1 }) => ({
      top_k: topK,
      min_p: minP,
      repeat_penalty: repetitionPenalty,
      repeat_last_n: 64,
    }),
  },
};
