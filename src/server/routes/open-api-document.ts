import { z } from 'zod';
import { chatRequest } from '../api/chat-request.ts';
import { completionRequest } from '../api/completion-request.ts';
import { detokenizeRequest, tokenizeRequest } from '../api/tokenizer-requests.ts';

const errorBody = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

const model = z.object({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() });
const modelList = z.object({ object: z.literal('list'), data: z.array(model) });

const REFUSALS = {
  400: 'A field is wrong, unknown, or not supported; the message names it.',
  401: 'A key is needed.',
  404: 'There is no such model.',
  413: 'The body is too long.',
  429: 'A limit of the key is reached, or the queue is full; see Retry-After.',
  502: 'An engine failed.',
  503: 'The gateway is shutting down.',
};

/** `GET /openapi.json`: made of the very schemas that check requests. */
export function openApiDocument(version: string) {
  return {
    openapi: '3.1.0',
    info: { title: 'wellbegun', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    security: [{}, { key: [] }],
    paths: {
      '/v1/chat/completions': { post: decoding('Answers a conversation', chatRequest) },
      '/v1/completions': { post: decoding('Goes on from text, or answers a single question', completionRequest) },
      '/v1/models': { get: { summary: 'What is served', responses: { 200: json('All names.', modelList) } } },
      '/v1/models/{id}': {
        get: {
          summary: 'One of what is served',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { 200: json('The model.', model), 404: json(REFUSALS[404], errorBody) },
        },
      },
      '/tokenize': { post: tokenizing("A base's token ids of a text", tokenizeRequest) },
      '/detokenize': { post: tokenizing('The text of token ids', detokenizeRequest) },
      '/tokenizer_info': {
        get: {
          summary: 'What begins and ends a text',
          responses: { 200: { description: 'bos_token, eos_token, chat_template, model_max_length.' } },
        },
      },
      '/health/live': { get: { summary: 'The process answers', responses: { 200: { description: 'It does.' } } } },
      '/health/ready': {
        get: {
          summary: 'Requests are taken',
          responses: { 200: { description: 'They are.' }, 503: { description: 'The gateway is shutting down.' } },
        },
      },
      '/metrics': { get: { summary: 'For Prometheus', responses: { 200: { description: 'Its text format.' } } } },
    },
  };
}

function decoding(summary: string, schema: z.ZodType) {
  const refusals = Object.entries(REFUSALS).map(([status, text]) => [status, json(text, errorBody)] as const);
  return {
    summary,
    requestBody: { required: true, content: { 'application/json': { schema: toSchema(schema) } } },
    responses: {
      200: {
        description: 'OpenAI\'s reply, or server-sent events with "stream": true; wellbegun\'s own is under wellbegun.',
        content: { 'application/json': {}, 'text/event-stream': {} },
      },
      ...Object.fromEntries(refusals),
    },
  };
}

function tokenizing(summary: string, schema: z.ZodType) {
  return {
    summary,
    requestBody: { required: true, content: { 'application/json': { schema: toSchema(schema) } } },
    responses: { 200: { description: "vLLM's reply." }, 400: json(REFUSALS[400], errorBody) },
  };
}

function json(description: string, schema: z.ZodType) {
  return { description, content: { 'application/json': { schema: toSchema(schema) } } };
}

function toSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'input' });
}
