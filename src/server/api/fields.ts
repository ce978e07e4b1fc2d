import { z } from 'zod';
import { requestFields } from '../../settings/request-fields.ts';
import { ASKING_NOTHING, WITHOUT_EFFECT } from '../../settings/openai-fields.ts';
import { wholeText } from '../../settings/rules.ts';

/** Most choices of one request. */
const MOST_CHOICES = 16;
const MOST_STOPS = 16;
const LONGEST_STOP = 1000;

const stopString = wholeText.max(LONGEST_STOP);

/** What every request may say of one response: OpenAI's fields, and those that such servers have besides. */
const asked = {
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
    .union([stopString, z.array(stopString).max(MOST_STOPS)])
    .optional()
    .describe('Texts that end the response, also across the switch; never part of it.'),
};

/** wellbegun's own: what is told of a response. */
const told = {
  trace: z.boolean().optional().describe('True: the last chunk of a choice has wellbegun.trace.'),
  token_source: z.boolean().optional().describe('True: each chunk has wellbegun.tokens, with who wrote them.'),
};

export const commonFields = { ...asked, ...requestFields, ...told, ...WITHOUT_EFFECT, ...ASKING_NOTHING };

/** Fields with values that ask for nothing: anything else there is refused as not supported. */
export const NOT_DONE: ReadonlySet<string> = new Set(Object.keys(ASKING_NOTHING));
