import { settingName } from '../core/setting-name.ts';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { shown } from '../settings/shown.ts';

const MESSAGE = '{"role": "system" | "user" | "assistant", "content": text}';
const message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });

/**
 * @param file that the conversation was read from, for messages
 * @throws ConfigError that names the first message that is wrong, and what is wrong with it
 */
export function checkMessages(value: unknown, file?: string): void {
  const fault = faultOf(value);
  if (fault === undefined) return;
  const place = file === undefined ? settingName('messages') : `${settingName('messages')}: ${file}`;
  throw new ConfigError('bad-messages', `${place} ${fault}.`);
}

function faultOf(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `must be a list of ${MESSAGE}, not ${shown(value)}`;
  if (value.length === 0) return 'is an empty list: give at least one {"role": "user", "content": text}';
  const index = value.findIndex((item) => !message.safeParse(item).success);
  return index < 0 ? undefined : `is wrong at message ${index + 1}: ${messageFault(value[index])}`;
}

function messageFault(item: unknown): string {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return `it must be ${MESSAGE}, not ${shown(item)}`;
  const { role, content } = item as { readonly role?: unknown; readonly content?: unknown };
  return message.shape.role.safeParse(role).success
    ? `its "content" must be a text${butIs(content)}`
    : `its "role" must be "system", "user" or "assistant"${butIs(role)}`;
}

function butIs(value: unknown): string {
  return value === undefined ? ', and there is none' : `, not ${shown(value)}`;
}
