import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import { readMessages } from '../settings/read-messages.ts';

export interface Input {
  readonly prompt?: string;
  readonly messages?: readonly ChatMessage[];
}

/**
 * What to answer: the words of the command line, a conversation from a file, or else stdin.
 *
 * @throws ConfigError for two of them, for none, or for what is not UTF-8 or not a conversation
 */
export async function readInput(words: readonly string[], messagesFile: string | undefined): Promise<Input> {
  if (messagesFile !== undefined) {
    if (words.length > 0)
      throw new ConfigError('two-prompts', "A prompt and --messages can't be given together: choose one.");
    return { messages: await readConversation(messagesFile, '--messages') };
  }
  if (words.length > 0 && words.join() !== '-') return { prompt: words.join(' ') };
  if (process.stdin.isTTY) {
    throw new ConfigError(
      'empty-prompt',
      'There is no prompt: say what to answer, as in: wellbegun run "Why is the sky blue?"',
    );
  }
  return { prompt: withoutLineEnd(decodeUtf8(await buffer(process.stdin), 'stdin')) };
}

/** The last end of a line is `echo`'s, or the editor's, and no part of the prompt. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** A text file named by an option, such as a template. */
export async function readTextFile(path: string, option: string): Promise<string> {
  return decodeUtf8(await read(path, option), path);
}

/**
 * A conversation from a file: a list of messages, or an object with `messages`.
 *
 * @param option as the user named the file, for messages
 * @throws ConfigError for what can't be read, is not JSON, or is no conversation
 */
export async function readConversation(path: string, option: string): Promise<ChatMessage[]> {
  const source = await readTextFile(path, option);
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new ConfigError('bad-messages', `${option}: ${path} is not JSON (${(cause as Error).message}): mend it.`, {
      cause,
    });
  }
  const wrapped = z.object({ messages: z.unknown() }).safeParse(value);
  const written = wrapped.success ? wrapped.data.messages : value;
  return readMessages(written, `${option}: ${path}`);
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it is not allowed',
};

async function read(path: string, option: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = UNREADABLE[code ?? ''] ?? message;
    throw new ConfigError('unreadable-file', `${option}: ${path} can't be read (${reason}): name another file.`, {
      cause,
    });
  }
}

/** @throws ConfigError that names the source */
export function decodeUtf8(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError('bad-utf8', `${source} is not valid UTF-8: convert it, for instance with iconv.`, { cause });
  }
}
