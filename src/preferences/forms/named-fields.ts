import { z } from 'zod';
import { DIMENSIONS, type Dimension } from '../preference-pair.ts';
import { pairOf, turns } from './conversation.ts';
import { defineForm } from './form.ts';

const WORDS = new Map<unknown, Dimension>([
  ...DIMENSIONS.map((dimension) => [dimension, dimension] as const),
  ...([
    ['harmlessness', 'harmless'],
    ['helpfulness', 'helpful'],
    ['honesty', 'honest'],
  ] as const),
]);

/** A record may say itself what it teaches; another word there means something else. */
const dimension = z
  .unknown()
  .transform((word) => WORDS.get(word))
  .optional();

const responses = { chosen: turns, rejected: turns, dimension };

/** Without a prompt it has to be in the conversations. */
const plain = z
  .object({ ...responses, prompt: turns.nullish(), system: z.string().nullish() })
  .refine(({ prompt, chosen }) => prompt != null || typeof chosen !== 'string', { path: ['prompt'] });

/** `{prompt, chosen, rejected}` as texts or messages; or two whole conversations without a prompt. */
export const generic = defineForm({
  summary: 'fields prompt, chosen and rejected, each a text or messages; or whole conversations in chosen and rejected',
  schema: plain,
  fields: ['prompt', 'chosen', 'rejected', 'system'],
  pairsOf: ({ prompt, ...record }) => [
    { ...pairOf({ ...record, prompt: prompt ?? undefined }), dimension: record.dimension },
  ],
});

const instruction = z
  .object({ ...responses, instruction: z.string(), input: z.string().nullish(), system: z.string().nullish() })
  .transform(({ instruction, input, ...record }) => ({
    ...record,
    prompt: input ? `${instruction}\n${input}` : instruction,
  }));

const conversations = z
  .object({ ...responses, conversations: turns, system: z.string().nullish() })
  .transform(({ conversations, ...record }) => ({ ...record, prompt: conversations }));

/** Its two forms of preferences: ShareGPT's turns, and Alpaca's instructions. */
export const llamaFactory = defineForm({
  summary: 'LLaMA-Factory: conversations or an instruction, with chosen and rejected',
  schema: z.union([conversations, instruction]),
  fields: ['conversations', 'instruction', 'input', 'chosen', 'rejected', 'system'],
  pairsOf: (record) => [{ ...pairOf(record), dimension: record.dimension }],
});

/** Its fields are not documented: those of its training tool, or plain ones. Its licence is for the user to look up. */
export const generalign = defineForm({
  summary: 'GenerAlign: as generic or llama-factory',
  schema: z.union([conversations, instruction, plain]),
  fields: ['conversations', 'instruction', 'input', 'prompt', 'chosen', 'rejected', 'system'],
  source: 'generalign',
  pairsOf: ({ prompt, ...record }) => [
    { ...pairOf({ ...record, prompt: prompt ?? undefined }), dimension: record.dimension },
  ],
});
