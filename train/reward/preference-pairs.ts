import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import type { ChatMessage } from '../../src/index.ts';

/** A conversation whose last message has a better and a worse answer. */
export interface PreferencePair {
  readonly messages: readonly ChatMessage[];
  readonly chosen: string;
  readonly rejected: string;
}

const line = z.object({ chosen: z.string(), rejected: z.string() });
const ROLES = { Human: 'user', Assistant: 'assistant' } as const;

/**
 * Pairs in the form of HH-RLHF: JSON lines, each with two whole conversations, `\n\nHuman: …\n\nAssistant: …`, that
 * differ in their last answer. A name that ends in .gz is decompressed.
 *
 * @param first line, counted from 1
 * @param last line, inclusive
 */
export async function* preferencePairs(path: string, first: number, last: number): AsyncGenerator<PreferencePair> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => input.destroy(error));
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    if (number > last) return;
    if (number >= first) yield toPair(text, number);
  }
  if (number < last) throw new Error(`${path} has ${number} lines, where lines up to ${last} are wanted.`);
}

function toPair(text: string, number: number): PreferencePair {
  const { chosen, rejected } = line.parse(JSON.parse(text));
  const [good, bad] = [turns(chosen), turns(rejected)];
  const messages = good.slice(0, -1);
  const [better, worse] = [good.at(-1), bad.at(-1)];
  const alike = JSON.stringify(messages) === JSON.stringify(bad.slice(0, -1));
  if (!alike || better?.role !== 'assistant' || worse?.role !== 'assistant') {
    throw new Error(`Line ${number} is not one conversation with two last answers.`);
  }
  return { messages, chosen: better.content, rejected: worse.content };
}

function turns(text: string): ChatMessage[] {
  const parts = text.split(/\n\n(Human|Assistant): ?/);
  return parts.slice(1).flatMap((part, i) => {
    const content = parts[i + 2];
    return i % 2 === 0 && content !== undefined
      ? [{ role: ROLES[part as keyof typeof ROLES], content: content.trim() }]
      : [];
  });
}
