import { z } from 'zod';
import type { BatchLine, BatchRequest, LineForm } from './batch-request.ts';
import { failureOf } from '../recording/failure.ts';
import { LineFault } from './line-fault.ts';
import { asksForMore, conversation, parseBody, question } from './parse-body.ts';
import { MAX_LINE_BYTES } from './read-input-lines.ts';
import type { TextLine } from '../recording/text-line.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const URLS: Readonly<Record<string, Exclude<LineForm, 'plain'>>> = {
  '/v1/chat/completions': 'chat',
  '/v1/completions': 'completions',
};

const object = z.record(z.string(), z.unknown());

/** Names that would be taken for settings of the line; in the plain form there are none. */
const SETTING =
  /^(temperature|top_?[pk]|min_?p|seed|stop|system|max_?(new_?|completion_?)?tokens|repetition_?penalty|gamma|window|max_?draft|criterion|strategy)$/i;

/** Understands one line: plain, the authors', or OpenAI's. What is wrong with it is a failure of the line, not thrown. */
export function parseLine(line: TextLine): BatchLine {
  let named: Pick<BatchLine, 'form' | 'id'> = { form: 'plain' };
  try {
    const value = parseJson(line);
    named = nameOf(value);
    const request = named.form === 'plain' ? plainRequest(value) : openAiRequest(value, named.form);
    return { line: line.number, ...named, request };
  } catch (error) {
    return { line: line.number, ...named, request: failureOf(error) };
  }
}

function parseJson({ bytes }: TextLine): JsonObject {
  if (!bytes) {
    throw new LineFault('line-too-long', `The line is longer than ${MAX_LINE_BYTES} bytes: shorten it.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new LineFault('bad-json', `The line is not JSON (${cause.message}).`);
    throw new LineFault('bad-utf8', 'The line is not valid UTF-8: convert the file, for instance with iconv.');
  }
  const parsed = object.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LineFault('bad-line', 'The line is not a JSON object: give {"prompt": text}, or another form of a line.');
}

/** OpenAI's lines are known by their `custom_id`, `url` or `body`. */
function nameOf(value: JsonObject): Pick<BatchLine, 'form' | 'id'> {
  if ('custom_id' in value || 'url' in value || 'body' in value) {
    const { custom_id: id, url } = value;
    return { form: formOf(url) ?? 'chat', ...(typeof id === 'string' && { id }) };
  }
  const id = value['id'] ?? value['meta'];
  return { form: 'plain', ...((typeof id === 'string' || (typeof id === 'number' && isExact(id))) && { id }) };
}

/** An endpoint is one of two texts, not a name that every object has. */
function formOf(url: unknown): Exclude<LineForm, 'plain'> | undefined {
  return typeof url === 'string' && Object.hasOwn(URLS, url) ? URLS[url] : undefined;
}

/** Larger numbers are not told apart by most who read JSON, this program among them. */
function isExact(id: number): boolean {
  return Math.abs(id) <= Number.MAX_SAFE_INTEGER;
}

function plainRequest(value: JsonObject): BatchRequest {
  const given = ['prompt', 'messages', 'context'].filter((name) => name in value);
  if (given.length !== 1) {
    const which = given.length === 0 ? 'none of them' : given.join(' and ');
    throw new LineFault('bad-line', `The line must have one of "prompt", "messages" and "context", not ${which}.`);
  }
  checkPlainFields(value);
  const name = given[0]!;
  return { messages: name === 'prompt' ? question(value[name], name) : conversation(value[name], name) };
}

/** Fields are the user's own, but for those that would be taken for a part of the request. */
function checkPlainFields(value: JsonObject): void {
  const id = value['id'] ?? value['meta'];
  if (typeof id === 'number' && !isExact(id)) {
    throw new LineFault(
      'bad-id',
      `The number in "id" is beyond ±${Number.MAX_SAFE_INTEGER}: write it as a text, in quotes.`,
    );
  }
  for (const [name, field] of Object.entries(value)) {
    if (SETTING.test(name)) {
      throw new LineFault(
        'unsupported-field',
        `"${name}" is no field of this form: set it for all lines as an option, or write the line in OpenAI's form.`,
      );
    }
    if (asksForMore(name, field)) {
      throw new LineFault('unsupported-field', `"${name}" asks for what is not supported: leave it out.`);
    }
  }
}

function openAiRequest({ custom_id: id, method, url, body }: JsonObject, form: 'chat' | 'completions'): BatchRequest {
  if (typeof id !== 'string') throw new LineFault('bad-line', 'The line must have a "custom_id" that is a text.');
  if (method !== undefined && method !== 'POST') throw new LineFault('bad-line', '"method" must be "POST".');
  if (formOf(url) === undefined) {
    throw new LineFault('bad-line', `"url" must be one of ${Object.keys(URLS).join(', ')}.`);
  }
  return parseBody(body, form);
}
