import { z } from 'zod';
import { wrappedSeed } from '../core/wrapped-seed.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import { ASKING_NOTHING, WITHOUT_EFFECT } from '../settings/openai-fields.ts';
import { samplingRules, samplingSettings } from '../settings/request-fields.ts';
import { assertAnswerable, readMessages } from '../settings/read-messages.ts';
import { wholeNumber, wholeText } from '../settings/rules.ts';
import type { BatchRequest } from './batch-request.ts';
import { LineFault } from './line-fault.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Fields besides those of sampling, once they are checked. */
interface Checked {
  readonly max_completion_tokens?: number;
  readonly max_tokens?: number;
  readonly stop?: string | readonly string[];
}

const object = z.record(z.string(), z.unknown());

/** What the completions endpoint gives where `max_tokens` is left out, in OpenAI's API. */
const COMPLETION_TOKENS = 16;

const tokens = wholeNumber(1);

/** Fields that are used. */
const used: typeof samplingRules = {
  ...samplingRules,
  max_tokens: tokens,
  max_completion_tokens: tokens,
  stop: {
    schema: z.union([wholeText, z.array(wholeText).max(16)]),
    takes: 'a text or up to 16 texts that are not empty, in whole characters',
  },
  seed: { schema: z.int(), takes: 'a whole number, taken modulo 2^32' },
};

/** Fields that would change the answer, at the values that change nothing. */
const asking: Readonly<Record<string, z.ZodType>> = {
  ...ASKING_NOTHING,
  n: z.literal(1),
  echo: z.literal(false),
  logprobs: z.literal(false),
};

/** Fields that are not used: those of who asks, and those whose value asks for nothing. */
const unused: Readonly<Record<string, z.ZodType>> = {
  ...WITHOUT_EFFECT,
  ...asking,
  model: z.string(),
  stream: z.literal(false),
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

/** Whether this field of a request asks for what would change the answer, and is not done here. */
export function asksForMore(name: string, value: unknown): boolean {
  return value !== null && Object.hasOwn(asking, name) && !asking[name]!.safeParse(value).success;
}

function checkField(name: string, value: unknown): void {
  if (Object.hasOwn(used, name)) {
    const { schema, takes } = used[name]!;
    if (schema.safeParse(value).success) return;
    throw new LineFault(`bad-${name.replaceAll('_', '-')}`, `body.${name} must be ${takes}.`);
  }
  if (Object.hasOwn(unused, name) && unused[name]!.safeParse(value).success) return;
  throw new LineFault('unsupported-field', `body.${name} asks for what is not supported: leave it out.`);
}

function messagesOf(body: JsonObject, asked: 'messages' | 'prompt'): ChatMessage[] {
  return asked === 'messages' ? conversation(body[asked], 'body.messages') : question(body[asked], 'body.prompt');
}

/** The conversation in a line's field. @throws ConfigError that names the field and what is wrong */
export function conversation(value: unknown, field: string): ChatMessage[] {
  const place = `"${field}"`;
  const messages = readMessages(value, place);
  assertAnswerable(messages, place);
  return messages;
}

/** The prompt in a line's field, as a conversation. @throws LineFault */
export function question(value: unknown, field: string): ChatMessage[] {
  if (typeof value !== 'string') throw new LineFault('bad-line', `"${field}" must be one text.`);
  if (value.trim() === '') throw new LineFault('empty-prompt', `"${field}" is empty: say what to answer.`);
  return [{ role: 'user', content: value }];
}

function settingsOf(body: JsonObject, form: 'chat' | 'completions'): Omit<BatchRequest, 'messages'> {
  const { max_completion_tokens: newer, max_tokens: older, stop } = body as Checked;
  const { seed, ...sampling } = samplingSettings(body);
  const most = newer ?? older ?? (form === 'completions' ? COMPLETION_TOKENS : undefined);
  return {
    sampling: { ...sampling, ...(seed !== undefined && { seed: wrappedSeed(seed) }) },
    ...(most !== undefined && { maxResponseTokens: most }),
    ...(stop !== undefined && { stop: [stop].flat() }),
  };
}
