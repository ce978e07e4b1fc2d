import { z } from 'zod';
import { defineForm } from './form.ts';

const label = z.union([z.literal(0), z.literal(1)]);

/** Two responses, of which one is safer and one more helpful. */
export const pkuSafeRlhf = defineForm({
  summary: 'PKU-SafeRLHF: two responses with the better and the safer one',
  schema: z.object({
    prompt: z.string(),
    response_0: z.string(),
    response_1: z.string(),
    better_response_id: label,
    safer_response_id: label,
  }),
  fields: ['prompt', 'response_0', 'response_1', 'better_response_id', 'safer_response_id'],
  source: 'pku-saferlhf',
  licence: 'CC-BY-NC-4.0',
  dimensions: ['harmless', 'helpful'],
  pairsOf(record, dimension) {
    const preferred = dimension === 'helpful' ? record.better_response_id : record.safer_response_id;
    const responses = [record.response_0, record.response_1] as const;
    const prompt = [{ role: 'user', content: record.prompt }] as const;
    return [{ prompt, chosen: responses[preferred], rejected: responses[preferred === 0 ? 1 : 0] }];
  },
});
