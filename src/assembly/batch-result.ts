import { z } from 'zod';
import { FINISH_REASONS } from '../core/language-model.ts';
import { runResult } from './run-result.ts';

const name = z.union([z.string(), z.number()]);
const count = z.int().gte(0);
const failure = z
  .object({ code: z.string().describe('Stable for programs.'), message: z.string().describe('For people.') })
  .describe('Why the line has no response.');

const place = {
  line: z.int().gte(1).describe('Of the input, as an editor numbers it: from 1, blank lines counted.'),
  id: name.optional().describe("The line's own `id`, or `meta` in the authors' form; only where it had one."),
};

const answered = runResult
  .extend({
    ...place,
    request: runResult.shape.request.optional().describe('Only with `--tokens`.'),
    tokens: runResult.shape.tokens.optional().describe('Only with `--tokens`.'),
    followUps: z
      .array(runResult.partial({ request: true, tokens: true }))
      .optional()
      .describe('Responses to what the user says next; only in evaluations of benchmarks of several turns.'),
  })
  .describe('The response to a prompt or a conversation: that of `run --json`.');

const failed = z.object({ ...place, error: failure }).describe('A prompt or conversation without a response.');

const body = {
  id: z.string(),
  created: z.int().describe('Seconds since 1970.'),
  model: z.string().describe('The ids of draft and base, as DRAFT+BASE.'),
  usage: z.object({ prompt_tokens: count, completion_tokens: count, total_tokens: count }),
};

function one<Content extends z.ZodRawShape>(content: Content) {
  const choice = {
    index: z.literal(0),
    ...content,
    logprobs: z.null(),
    finish_reason: z.enum(FINISH_REASONS).exclude(['loop']),
  };
  return z.array(z.object(choice)).length(1);
}

const chat = z.object({
  ...body,
  object: z.literal('chat.completion'),
  choices: one({
    message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
  }),
});

const completion = z.object({
  ...body,
  object: z.literal('text_completion'),
  choices: one({ text: z.string() }),
});

const openAiPlace = {
  id: z
    .string()
    .regex(/^batch_req_[1-9][0-9]*$/)
    .describe('The number is that of the line of the input.'),
  custom_id: name.nullable().describe('As the line had it.'),
};

const openAiAnswered = z
  .object({
    ...openAiPlace,
    response: z.object({ status_code: z.literal(200), request_id: z.string(), body: z.union([chat, completion]) }),
    error: z.null(),
  })
  .describe("The response to a line of OpenAI's batch.");

const openAiFailed = z
  .object({ ...openAiPlace, response: z.null(), error: failure })
  .describe("A line of OpenAI's batch without a response.");

/** A line of the output of `batch`: a stable contract, also in schemas/batch-result.schema.json. */
export const batchResult = z.union([answered, failed, openAiAnswered, openAiFailed]);
