import { ConfigError } from '../core/errors.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import { settingName } from '../core/setting-name.ts';
import { plainMessage, writtenMessage } from './client-message.ts';
import { shown } from './shown.ts';

const MESSAGE = '{"role": "system" | "user" | "assistant", "content": text}';

/**
 * A conversation as a person or a program wrote it, as models get it.
 *
 * @param place what holds it, for messages: a setting, a field, a file
 * @throws ConfigError that names the first message that is wrong, and what is wrong with it
 */
export function readMessages(value: unknown, place = settingName('messages')): ChatMessage[] {
  if (!Array.isArray(value)) throw wrong(`${place} must be a list of ${MESSAGE}, not ${shown(value)}`);
  if (value.length === 0) throw wrong(`${place} is an empty list: give at least one {"role": "user", "content": text}`);
  return value.map((item, index) => {
    const { data, error } = writtenMessage.safeParse(item);
    if (data) return plainMessage(data);
    throw faultyMessage(item, error.issues[0]!.path[0], `${place} is wrong at message ${index + 1}`);
  });
}

function faultyMessage(item: unknown, field: PropertyKey | undefined, place: string): ConfigError {
  if (field === undefined) return wrong(`${place}: it must be ${MESSAGE}, not ${shown(item)}`);
  const value = (item as Readonly<Record<PropertyKey, unknown>>)[field];
  const but = value === undefined ? ', and there is none' : `, not ${shown(value)}`;
  if (field === 'role') return wrong(`${place}: its "role" must be "system", "user" or "assistant"${but}`);
  if (field !== 'content') {
    const wayOut = 'leave it out, or put its text into "content"';
    return wrong(`${place}: its "${String(field)}" holds what no model here is shown: ${wayOut}`, 'unsupported-field');
  }
  if (!Array.isArray(value)) return wrong(`${place}: its "content" must be a text${but}`);
  return wrong(`${place}: its "content" must be a text, or parts {"type": "text", "text": text} and no others`);
}

/**
 * What every surface asks of a conversation: the last of the user's messages says something, and only the beginning of an
 * answer stands behind it.
 *
 * @param place as for `readMessages`
 * @throws ConfigError
 */
export function assertAnswerable(messages: readonly ChatMessage[], place = settingName('messages')): void {
  const question = messages.findLast(({ role }) => role === 'user')?.content;
  if (question === undefined) throw empty(`${place}: No message is from the user: add one that says what to answer.`);
  if (question.trim() === '')
    throw empty(`${place}: The last message from the user is empty: say in it what to answer.`);
  if (messages.at(-1)?.role !== 'system') return;
  const last = `The last of ${place} must be from the user, or the beginning of an answer.`;
  throw new ConfigError('no-question', last);
}

function empty(sentence: string): ConfigError {
  return new ConfigError('empty-prompt', sentence);
}

function wrong(sentence: string, code = 'bad-messages'): ConfigError {
  return new ConfigError(code, `${sentence}.`);
}
