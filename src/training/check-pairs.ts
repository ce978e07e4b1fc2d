import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { chatMessage } from '../settings/chat-message.ts';

const answer = z.array(chatMessage.extend({ role: z.literal('assistant'), content: z.string().min(1) })).length(1);
const pair = z.object({
  prompt: z
    .array(chatMessage)
    .min(1)
    .refine((messages) => messages.at(-1)?.role === 'user', 'the last message must be the user’s'),
  chosen: answer,
  rejected: answer,
});

/**
 * Reads all of a file of pairs, so that a bad line is met before a model is loaded.
 *
 * @returns how many pairs it has
 * @throws ConfigError for the first line that is no pair
 */
export async function checkPairs(path: string): Promise<number> {
  let line = 0;
  let pairs = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
      line++;
      if (text.trim() === '') continue;
      checkLine(path, line, text);
      pairs++;
    }
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError('bad-pairs', `The pairs ${path} can't be read (${(cause as Error).message}).`, { cause });
  }
  if (pairs === 0) throw new ConfigError('bad-pairs', `${path} has no pairs.`);
  return pairs;
}

function checkLine(path: string, line: number, text: string): void {
  const { success, error } = pair.safeParse(parsed(text));
  if (success) return;
  const [issue] = error.issues;
  const fault = issue?.path.length ? `${issue.path.join('.')}: ${issue.message}` : 'it is no JSON object';
  throw new ConfigError(
    'bad-pairs',
    `${path}, line ${line} is no pair (${fault}): a line has prompt, a list of messages, and chosen and rejected, each a list of one answer.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
