import { z } from 'zod';
import { ASKING_NOTHING, WITHOUT_EFFECT } from '../../settings/openai-fields.ts';

/** Most choices of one request. */
const MOST_CHOICES = 16;
const MOST_STOPS = 16;
const LONGEST_STOP = 1000;

const whole = z.int().gte(0);

/** What every request may say of one response: OpenAI's fields, and those that such servers have besides. */
const sampling = {
  model: z.string().min(1).describe('A name of GET /v1/models.'),
  stream: z.boolean().optional(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().nullish(), include_obfuscation: z.literal(false).nullish() })
    .optional()
    .describe('Only with stream.'),
  n: z
    .int()
    .gte(1)
    .lte(MOST_CHOICES)
    .optional()
    .describe('Choices; each draws from a stream of its own, the first one from that of the seed.'),
  stop: z
    .union([z.string().min(1).max(LONGEST_STOP), z.array(z.string().min(1).max(LONGEST_STOP)).max(MOST_STOPS)])
    .optional()
    .describe('Texts that end the response, also across the switch; never part of it.'),
  temperature: z.number().gte(0).lte(100).optional().describe('0 is greedy. Default: as the model is configured, 0.'),
  top_p: z.number().gt(0).lte(1).optional(),
  top_k: whole
    .lte(2 ** 31 - 1)
    .optional()
    .describe('0 keeps all tokens.'),
  min_p: z.number().gte(0).lte(1).optional(),
  repetition_penalty: z.number().gt(0).optional(),
  seed: z.int().optional().describe('Makes sampling repeatable; taken modulo 2^32.'),
};

/** wellbegun's own: when the base takes over, and what is told of it. */
const weakToStrong = {
  gamma: z.number().gt(0).lte(1).optional().describe('Confidence at which the base takes over.'),
  window: z.int().gte(1).optional().describe('Tokens that the confidence is the geometric mean of.'),
  criterion: z.string().min(1).max(1000).optional().describe('In place of gamma and window: boundary(confidence) …'),
  max_draft: whole.optional().describe('Most drafted tokens.'),
  on_no_switch: z.enum(['continue', 'stop']).optional().describe('After a draft that the base never took over.'),
  trace: z.boolean().optional().describe('True: the last chunk of a choice has wellbegun.trace.'),
  token_source: z.boolean().optional().describe('True: each chunk has wellbegun.tokens, with who wrote them.'),
};

export const commonFields = { ...sampling, ...weakToStrong, ...WITHOUT_EFFECT, ...ASKING_NOTHING };

/** Fields with values that ask for nothing: anything else there is refused as not supported. */
export const NOT_DONE: ReadonlySet<string> = new Set(Object.keys(ASKING_NOTHING));
