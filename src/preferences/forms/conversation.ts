import { z } from 'zod';
import type { ChatMessage } from '../../core/prompt-format.ts';
import { UnusableRecord } from '../records/data-record.ts';
import type { FoundPair } from './form.ts';

export const DIFFERENT_PROMPTS = 'its two responses follow different conversations';

const ROLES: Readonly<Record<string, ChatMessage['role']>> = {
  ...{ system: 'system', developer: 'system', user: 'user', human: 'user', prompter: 'user' },
  ...{ assistant: 'assistant', gpt: 'assistant', model: 'assistant', bot: 'assistant' },
};

const role = z.enum(Object.keys(ROLES)).transform((name) => ROLES[name]!);

/** In OpenAI's words or in ShareGPT's. */
const message = z.union([
  z.object({ role, content: z.string() }),
  z
    .object({ from: role, value: z.string() })
    .transform(({ from, value }): ChatMessage => ({ role: from, content: value })),
]);

/** A text, one message, or several of them. */
export const turns = z.union([z.string(), message.transform((one) => [one]), z.array(message).min(1)]);

export type Turns = z.infer<typeof turns>;

/** What a record says of a pair: responses alone, or each at the end of a whole conversation. */
export interface Written {
  readonly prompt?: Turns | undefined;
  readonly system?: string | null | undefined;
  readonly chosen: Turns;
  readonly rejected: Turns;
}

/** @throws UnusableRecord where the two responses don't follow one conversation, or it is not known */
export function pairOf({ prompt, system, chosen, rejected }: Written): FoundPair {
  const [better, worse] = [splitLast(chosen, 'chosen'), splitLast(rejected, 'rejected')];
  if (!isSame(better.before, worse.before)) throw new UnusableRecord(DIFFERENT_PROMPTS);
  const given = prompt === undefined ? [] : toMessages(prompt, system);
  if (!isSame(given, better.before.slice(-given.length)) && better.before.length > 0 && given.length > 0)
    throw new UnusableRecord(DIFFERENT_PROMPTS);
  const conversation = better.before.length > 0 ? better.before : given;
  if (conversation.length === 0) throw new UnusableRecord('"prompt" is missing');
  return { prompt: conversation, chosen: better.last, rejected: worse.last };
}

function splitLast(written: Turns, field: string): { readonly before: readonly ChatMessage[]; readonly last: string } {
  if (typeof written === 'string') return { before: [], last: written };
  const last = written.at(-1)!;
  if (last.role !== 'assistant') throw new UnusableRecord(`"${field}" does not end with a response`);
  return { before: written.slice(0, -1), last: last.content };
}

function toMessages(prompt: Turns, system: string | null | undefined): readonly ChatMessage[] {
  const messages: readonly ChatMessage[] = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
  return system ? [{ role: 'system', content: system }, ...messages] : messages;
}

function isSame(first: readonly ChatMessage[], second: readonly ChatMessage[]): boolean {
  return (
    first.length === second.length &&
    first.every(({ role, content }, index) => role === second[index]!.role && content === second[index]!.content)
  );
}
