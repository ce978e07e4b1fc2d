import { basename } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import { chatMessage } from '../../settings/chat-message.ts';
import { type Fields, UnusableRecord } from '../records/data-record.ts';
import { readRecords } from '../records/read-records.ts';

const messages = z.array(chatMessage).min(1);
const prompt = z.union([
  z.object({ prompt: z.string() }).transform((line): ChatMessage[] => [{ role: 'user', content: line.prompt }]),
  z.object({ messages }).transform((line): ChatMessage[] => line.messages),
]);
const response = z.object({ line: z.int().gte(1), text: z.string() });
const failure = z.object({ line: z.int().gte(1), error: z.looseObject({}) });

/** A prompt with the different responses to it. */
export interface Candidates {
  /** Of the prompt's line. */
  readonly origin: string;
  readonly messages: readonly ChatMessage[];
  readonly responses: readonly string[];
}

/**
 * The prompts of a batch's input, each with its responses in the outputs of batches. All of them are held in memory.
 *
 * @throws ConfigError for a file that can't be read, and for a line that is no prompt or no response
 */
export async function readCandidates(
  input: string,
  outputs: readonly string[],
  signal?: AbortSignal,
): Promise<Candidates[]> {
  const responses = new Map<number, string[]>();
  for (const output of outputs) await readOutput(output, responses, signal);
  const candidates: Candidates[] = [];
  for await (const { number, content } of readRecords(input, { signal })) {
    const read = prompt.safeParse(fieldsOf(input, number, content));
    if (!read.success) throw badLine(input, number, 'it is no {"prompt"} and no {"messages"}');
    const origin = `${basename(input)}:${number}`;
    candidates.push({ origin, messages: read.data, responses: responses.get(number) ?? [] });
    responses.delete(number);
  }
  const [foreign] = responses.keys();
  if (foreign === undefined) return candidates;
  throw new ConfigError(
    'other-input',
    `There are responses to line ${foreign}, which ${input} does not have: name the file that the batches answered.`,
  );
}

async function readOutput(
  path: string,
  responses: Map<number, string[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for await (const { number, content } of readRecords(path, { signal })) {
    const fields = fieldsOf(path, number, content);
    if (failure.safeParse(fields).success) continue;
    const read = response.safeParse(fields);
    if (!read.success)
      throw badLine(path, number, 'it is no response as batch writes it to a prompt or a conversation');
    const text = read.data.text.trim();
    const known = responses.get(read.data.line) ?? [];
    if (text !== '' && !known.includes(text)) known.push(text);
    responses.set(read.data.line, known);
  }
}

function fieldsOf(path: string, number: number, content: Fields | UnusableRecord): Fields {
  if (content instanceof UnusableRecord) throw badLine(path, number, content.reason);
  return content;
}

function badLine(path: string, number: number, reason: string): ConfigError {
  return new ConfigError('bad-line', `${path}, line ${number}: ${reason}: mend this line or take it out.`);
}
