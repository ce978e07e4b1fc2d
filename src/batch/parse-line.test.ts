import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { OF_ANY_CLIENT } from '../../test/fixtures/of-any-client.ts';
import { isFailure } from '../recording/failure.ts';
import type { BatchLine } from './batch-request.ts';
import { parseLine } from './parse-line.ts';

function parse(value: unknown): BatchLine {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return parseLine({ number: 3, bytes: Buffer.from(text), endByte: 0, isWhole: true });
}

function failure(value: unknown): string {
  const { request } = parse(value);
  assert.ok(isFailure(request), JSON.stringify(request));
  return `${request.code}: ${request.message}`;
}

/** Deeper than a stack. */
const NESTED = '['.repeat(20_000) + ']'.repeat(20_000);
const chatText = (fields: string) => `{"custom_id":"c","url":"/v1/chat/completions",${fields}}`;

const HI = [{ role: 'user', content: 'hi' }];
const chat = (body: object) => ({ custom_id: 'c', method: 'POST', url: '/v1/chat/completions', body });

suite('a line of the input', () => {
  test('a prompt, a conversation, and the form of the authors', () => {
    assert.deepEqual(parse({ prompt: 'hi', id: 7 }), { line: 3, form: 'plain', id: 7, request: { messages: HI } });
    assert.deepEqual(parse({ messages: HI }).request, { messages: HI });
    const authors = { context: [{ role: 'system', content: 'Be kind.' }, ...HI], meta: 'hh_1', score: 0.5 };
    assert.deepEqual(parse(authors), { line: 3, form: 'plain', id: 'hh_1', request: { messages: authors.context } });
  });

  test("OpenAI's chat line, with every field that is used", () => {
    const body = {
      model: 'any',
      messages: [
        { role: 'developer', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'h' },
            { type: 'text', text: 'i' },
          ],
        },
      ],
      max_tokens: 9,
      max_completion_tokens: 5,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 4,
      min_p: 0.1,
      repetition_penalty: 1.1,
      seed: 3,
      stop: 'END',
      n: 1,
      stream: false,
      user: 'someone',
      logit_bias: null,
    };
    assert.deepEqual(parse(chat(body)), {
      line: 3,
      form: 'chat',
      id: 'c',
      request: {
        messages: [{ role: 'system', content: 'Be kind.' }, ...HI],
        sampling: { temperature: 0.5, topP: 0.9, topK: 4, minP: 0.1, repetitionPenalty: 1.1, seed: 3 },
        maxResponseTokens: 5,
        stop: ['END'],
      },
    });
  });

  test('fields that change no answer are taken as by the gateway, and a seed of any size', () => {
    const { request } = parse(chat({ messages: HI, ...OF_ANY_CLIENT }));
    assert.deepEqual(request, { messages: HI, sampling: { seed: 2 ** 32 - 1 } });
  });

  test("OpenAI's completions line, whose default length is OpenAI's", () => {
    const line = { custom_id: 'c', url: '/v1/completions', body: { prompt: 'hi', stop: ['a', 'b'] } };
    assert.deepEqual(parse(line), {
      line: 3,
      form: 'completions',
      id: 'c',
      request: { messages: HI, sampling: {}, maxResponseTokens: 16, stop: ['a', 'b'] },
    });
  });

  for (const [name, value, says] of [
    ['no JSON', '{"prompt": ', /^bad-json: The line is not JSON \(/],
    ['no object', '[1]', /^bad-line: .*not a JSON object/],
    ['nothing asked', { text: 'hi' }, /^bad-line: .*"prompt", "messages" and "context", not none of them/],
    ['two things asked', { prompt: 'hi', messages: HI }, /^bad-line: .*not prompt and messages/],
    ['a prompt that is no text', { prompt: 1 }, /^bad-line: "prompt" must be one text/],
    ['an empty prompt', { prompt: ' \n' }, /^empty-prompt: /],
    ['a setting that would not be heeded', { prompt: 'hi', max_tokens: 5 }, /^unsupported-field: "max_tokens"/],
    ['an empty last turn', { messages: [...HI, { role: 'user', content: ' ' }] }, /^empty-prompt: /],
    ['no messages', { messages: [] }, /^bad-messages: "messages" is an empty list/],
    [
      'a message of another kind',
      { messages: [{ role: 'tool', content: 'x' }] },
      /^bad-messages: "messages" is wrong at message 1: its "role" must be .*, not "tool"/,
    ],
    [
      'a picture',
      chat({ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }),
      /^bad-messages: "body.messages" is wrong at message 1: .* parts/,
    ],
    [
      'a system message last',
      { context: [...HI, { role: 'system', content: 'x' }] },
      /^no-question: The last of "context"/,
    ],
    ['no custom_id', { url: '/v1/completions', body: { prompt: 'hi' } }, /^bad-line: .*"custom_id"/],
    ['another method', { ...chat({ messages: HI }), method: 'GET' }, /^bad-line: "method" must be "POST"/],
    ['another endpoint', { ...chat({}), url: '/v1/embeddings' }, /^bad-line: "url" must be one of/],
    ['no body', { ...chat({}), body: 5 }, /^bad-line: "body" must be an object/],
    ['several prompts', { custom_id: 'c', url: '/v1/completions', body: { prompt: ['a', 'b'] } }, /must be one text/],
    ['a value out of range', chat({ messages: HI, temperature: -1 }), /^bad-temperature: body.temperature must be/],
    [
      'a stop string of half a character',
      chat({ messages: HI, stop: '\ud83d' }),
      /bad-stop: body.stop must be .*whole/,
    ],
    ['several answers', chat({ messages: HI, n: 2 }), /^unsupported-field: body.n asks/],
    ['tools', chat({ messages: HI, tools: [{}] }), /^unsupported-field: body.tools asks/],
    [
      'a field that every object inherits',
      chat({ messages: HI, constructor: 1 }),
      /^unsupported-field: body.constructor/,
    ],
    ['a URL that every object has', { ...chat({ messages: HI }), url: 'toString' }, /^bad-line: "url" must be one of/],
    ['a URL that is an object', { ...chat({ messages: HI }), url: { toString: 1 } }, /^bad-line: "url" must be one of/],
    ['a URL nested too deep', chatText(`"url":${NESTED}`), /^bad-line: "url" must be one of/],
    ['tools nested too deep', chatText(`"body":{"messages":[],"tools":${NESTED}}`), /^unsupported-field: body.tools/],
    ['an id beyond what is exact', '{"prompt":"hi","id":9007199254740995}', /^bad-id: The number in "id" .* as a text/],
    [
      'images beside a text',
      { messages: [{ ...HI[0], images: ['x'] }] },
      /^unsupported-field: "messages" is wrong at message 1: its "images" holds/,
    ],
    ['calls of tools', { messages: [{ ...HI[0], tool_calls: [{}] }] }, /^unsupported-field: .*tool_calls/],
    ['several answers in a plain line', { prompt: 'hi', n: 2 }, /^unsupported-field: "n" asks/],
    ['tools in a plain line', { prompt: 'hi', tools: [{}] }, /^unsupported-field: "tools" asks/],
    ['logprobs in a plain line', { prompt: 'hi', logprobs: true }, /^unsupported-field: "logprobs" asks/],
    ['an unknown field', chat({ messages: HI, wonder: true }), /^unsupported-field: body.wonder asks/],
  ] as const) {
    test(`${name} is a failure of the line`, () => assert.match(failure(value), says));
  }

  test('what a plain line holds besides, and empty fields of a conversation, are left alone', () => {
    const { request, id } = parse({
      messages: [{ ...HI[0], tool_calls: [], refusal: null }],
      id: 2 ** 53 - 1,
      n: 1,
      user: 7,
    });
    assert.deepEqual([request, id], [{ messages: HI }, 2 ** 53 - 1]);
  });

  test('a failed line keeps the name that it has', () => {
    assert.equal(parse(chat({ messages: HI, n: 2 })).id, 'c');
    assert.equal(parse({ prompt: 5, id: 'x' }).id, 'x');
  });

  test('what is not UTF-8, or too long to be read', () => {
    const line = { number: 3, endByte: 0, isWhole: true };
    const bad = parseLine({ ...line, bytes: Buffer.from([0x7b, 0xff, 0x7d]) }).request;
    assert.ok(isFailure(bad) && bad.code === 'bad-utf8');
    const long = parseLine({ ...line, bytes: undefined }).request;
    assert.ok(isFailure(long) && /longer than 16777216 bytes/.test(long.message));
  });
});
