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

export interface Prompt {
  /** Its file and line. */
  readonly origin: string;
  readonly messages: readonly ChatMessage[];
}

/** A prompt with the different responses to it. */
export interface Candidates extends Prompt {
  readonly responses: readonly string[];
}

/** @throws ConfigError for a file that can't be read, and for a line that is no prompt */
export async function readPrompts(input: string, signal?: AbortSignal): Promise<Prompt[]> {
  const prompts: Prompt[] = [];
  for await (const { messages, number } of promptLines(input, signal))
    prompts.push({ origin: originOf(input, number), messages });
  return prompts;
}

/**
 * The prompts of a batch's input, each with its responses in the outputs of batches. All of them are held in memory.
 *
 * @param perPrompt lines of an output that answer one prompt, in the order of the prompts; undefined: they name the
 *   input's lines
 * @throws ConfigError for a file that can't be read, and for a line that is no prompt or no response
 */
export async function readCandidates(
  input: string,
  outputs: readonly string[],
  perPrompt: number | undefined,
  signal?: AbortSignal,
): Promise<Candidates[]> {
  const responses = new Map<number, string[]>();
  for (const output of outputs) await readOutput(output, responses, perPrompt ?? 1, signal);
  const candidates: Candidates[] = [];
  for await (const { messages, number, place } of promptLines(input, signal)) {
    const line = perPrompt === undefined ? number : place;
    candidates.push({ origin: originOf(input, number), messages, responses: responses.get(line) ?? [] });
    responses.delete(line);
  }
  const [foreign] = responses.keys();
  if (foreign === undefined) return candidates;
  throw new ConfigError(
    'other-input',
    `There are responses to line ${foreign}, which ${input} does not have: name the file that the batches answered.`,
  );
}

interface PromptLine {
  readonly messages: ChatMessage[];
  readonly number: number;
  /** From 1, blank lines not counted. */
  readonly place: number;
}

async function* promptLines(input: string, signal: AbortSignal | undefined): AsyncGenerator<PromptLine, void, void> {
  let place = 0;
  for await (const { number, content } of readRecords(input, { signal })) {
    const read = prompt.safeParse(fieldsOf(input, number, content));
    if (!read.success) throw badLine(input, number, 'it is no {"prompt"} and no {"messages"}');
    yield { messages: read.data, number, place: ++place };
  }
}

function originOf(input: string, number: number): string {
  return `${basename(input)}:${number}`;
}

async function readOutput(
  path: string,
  responses: Map<number, string[]>,
  perPrompt: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  for await (const { number, content } of readRecords(path, { signal })) {
    const fields = fieldsOf(path, number, content);
    if (failure.safeParse(fields).success) continue;
    const read = response.safeParse(fields);
    if (!read.success)
      throw badLine(path, number, 'it is no response as batch writes it to a prompt or a conversation');
    const text = read.data.text.trim();
    const line = Math.ceil(read.data.line / perPrompt);
    const known = responses.get(line) ?? [];
    if (text !== '' && !known.includes(text)) known.push(text);
    responses.set(line, known);
  }
}

function fieldsOf(path: string, number: number, content: Fields | UnusableRecord): Fields {
  if (content instanceof UnusableRecord) throw badLine(path, number, content.reason);
  return content;
}

function badLine(path: string, number: number, reason: string): ConfigError {
  return new ConfigError('bad-line', `${path}, line ${number}: ${reason}: mend this line or take it out.`);
}
