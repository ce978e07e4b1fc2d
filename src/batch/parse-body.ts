import { z } from 'zod';
import { wrappedSeed } from '../core/wrapped-seed.ts';
import { ASKING_NOTHING, WITHOUT_EFFECT } from '../settings/openai-fields.ts';
import type { BatchRequest } from './batch-request.ts';
import { LineFault } from './line-fault.ts';
import { checkMessages, parseMessages } from './parse-messages.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const count = z.int().gte(0);

/** What the completions endpoint gives where `max_tokens` is left out, in OpenAI's API. */
const COMPLETION_TOKENS = 16;

/** Fields that are used. */
const used = z.object({
  max_tokens: count.gte(1),
  max_completion_tokens: count.gte(1),
  temperature: z.number().gte(0),
  top_p: z.number().gt(0).lte(1),
  top_k: count.lt(2 ** 31),
  min_p: z.number().gte(0).lte(1),
  repetition_penalty: z.number().gt(0),
  seed: z.int(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]),
});

const object = z.record(z.string(), z.unknown());
const settings = used.partial();

type UsedField = keyof typeof used.shape;

const EXPECTED: Readonly<Record<UsedField, string>> = {
  max_tokens: 'a whole number of at least 1',
  max_completion_tokens: 'a whole number of at least 1',
  temperature: 'a number of at least 0',
  top_p: 'a number above 0 and at most 1',
  top_k: 'a whole number of at least 0',
  min_p: 'a number from 0 to 1',
  repetition_penalty: 'a number above 0',
  seed: 'a whole number, taken modulo 2^32',
  stop: 'a text or up to 16 texts that are not empty',
};

/** Fields that are not used: those of who asks, and those whose value asks for nothing. */
const unused: Readonly<Record<string, z.ZodType>> = {
  ...WITHOUT_EFFECT,
  ...ASKING_NOTHING,
  model: z.string(),
  n: z.literal(1),
  stream: z.literal(false),
  echo: z.literal(false),
  logprobs: z.literal(false),
};

/**
 * What the body of an OpenAI request asks for.
 *
 * @throws LineFault for a field that asks for what is not done here: nothing is ignored in silence
 */
export function parseBody(value: unknown, form: 'chat' | 'completions'): BatchRequest {
  const body = object.safeParse(value).data;
  if (!body) throw new LineFault('bad-line', '"body" must be an object: the request as the endpoint takes it.');
  const asked = form === 'chat' ? 'messages' : 'prompt';
  const fields = Object.fromEntries(Object.entries(body).filter(([, field]) => field !== null));
  for (const [name, field] of Object.entries(fields)) if (name !== asked) checkField(name, field);
  return { messages: messagesOf(fields, asked), ...settingsOf(fields, form) };
}

function checkField(name: string, value: unknown): void {
  if (Object.hasOwn(EXPECTED, name)) {
    if (used.shape[name as UsedField].safeParse(value).success) return;
    throw new LineFault(`bad-${name.replaceAll('_', '-')}`, `body.${name} must be ${EXPECTED[name as UsedField]}.`);
  }
  if (Object.hasOwn(unused, name) && unused[name]!.safeParse(value).success) return;
  throw new LineFault('unsupported-field', `body.${name} asks for what is not supported: leave it out.`);
}

function messagesOf(body: JsonObject, asked: 'messages' | 'prompt') {
  if (asked === 'messages') return parseMessages(body['messages'], 'body.messages');
  const prompt = z.string().safeParse(body['prompt']);
  if (!prompt.success) throw new LineFault('bad-line', '"body.prompt" must be one text.');
  return checkMessages([{ role: 'user', content: prompt.data }]);
}

function settingsOf(body: JsonObject, form: 'chat' | 'completions'): Omit<BatchRequest, 'messages'> {
  const { max_completion_tokens, max_tokens, stop, ...sampling } = settings.parse(body);
  const { temperature, top_p: topP, top_k: topK, min_p: minP, repetition_penalty: repetitionPenalty } = sampling;
  const seed = sampling.seed === undefined ? undefined : wrappedSeed(sampling.seed);
  const tokens = max_completion_tokens ?? max_tokens ?? (form === 'completions' ? COMPLETION_TOKENS : undefined);
  const chosen = Object.entries({ temperature, topP, topK, minP, repetitionPenalty, seed });
  return {
    sampling: Object.fromEntries(chosen.filter(([, value]) => value !== undefined)),
    ...(tokens !== undefined && { maxResponseTokens: tokens }),
    ...(stop !== undefined && { stop: [stop].flat() }),
  };
}
