import { z } from 'zod';
import { SWITCH_REASONS } from '../core/decode-event.ts';
import { FINISH_REASONS } from '../core/language-model.ts';
import type { DecodeTrace } from '../core/decode-trace.ts';
import { type RunRequest, runRequest } from './run-request.ts';

/** Of the form of `runResult`. It grows when a reader of the version before would misread a file. */
export const TRACE_VERSION = 1;

const count = z.int().gte(0);
const milliseconds = z.number().gte(0);

const token = z.object({
  id: count.nullable().describe("In the base's vocabulary; in their own for the strategies draft and aligner."),
  text: z.string().describe('The texts of all tokens concatenate to the response.'),
  source: z.enum(['draft', 'base']),
  logprob: z.number().lte(0).nullable().describe("The base's ln P of a kept draft token; null for other tokens."),
  window: z.number().nullable().describe("The criterion's value at a kept draft token (g_i), once its window is full."),
});

/** What `--json` prints and `--trace` writes: a stable contract, also in schemas/run-result.schema.json. */
export const runResult = z.object({
  version: z.literal(TRACE_VERSION).describe('Of this form.'),
  request: runRequest,
  text: z.string(),
  strategy: z.string(),
  switch: z
    .object({
      index: count.describe('k: how many base tokens were kept from the draft.'),
      reason: z.enum(SWITCH_REASONS),
      draftTokens: count.describe("Tokens drafted in all, in the draft's vocabulary."),
    })
    .nullable()
    .describe('null for strategies without a switch, and where a stop string ended the response within the draft.'),
  handBacks: z
    .array(
      z.object({
        reason: z.enum(['unsure', 'rejected']),
        index: count.describe('Tokens of the response before it.'),
        discardedTokens: count,
      }),
    )
    .optional()
    .describe('Where the draft wrote on after the base; only where it did.'),
  tokens: z.array(token),
  usage: z.object({
    promptTokens: count,
    draftTokens: count,
    keptDraftTokens: count,
    baseTokens: count,
    totalTokens: count.describe('promptTokens + keptDraftTokens + baseTokens.'),
    discardedTokens: count.optional().describe('Written and not kept; only for strategies that do so.'),
  }),
  timings: z.object({
    firstTokenMs: milliseconds.nullable().describe('null for an empty response.'),
    draftMs: milliseconds,
    scoreMs: milliseconds,
    baseMs: milliseconds,
    totalMs: milliseconds,
  }),
  models: z.object({
    base: z.string().nullable(),
    draft: z.string().nullable(),
    reward: z.string().optional().describe('Only for strategies that use one.'),
    aligner: z.string().optional().describe('Only for the strategy aligner.'),
  }),
  finishReason: z.enum(FINISH_REASONS),
});

/** What `--compare --json` prints. */
export const compareResult = z.object({
  compare: z.array(runResult).describe('The base alone, the draft alone, and both together.'),
});

export type RunResult = z.infer<typeof runResult>;

/** @param request see `describeRequest` */
export function toRunResult(trace: DecodeTrace, request: Omit<RunRequest, 'prompt'>): RunResult {
  const { prompt } = trace;
  const read = prompt && { text: [...prompt.text], stop: [...prompt.stop] };
  return { version: TRACE_VERSION, request: { ...request, prompt: read ?? null }, ...toResponse(trace) };
}

/** A response in the words of `runResult`, without what was asked. */
export function toResponse(trace: DecodeTrace): Omit<RunResult, 'version' | 'request'> {
  const { models, timings } = trace;
  return {
    text: trace.text,
    strategy: trace.strategy,
    switch: trace.switch ?? null,
    ...(trace.handBacks && { handBacks: [...trace.handBacks] }),
    tokens: trace.tokens.map(({ id, text, source, logprob, window }) => ({
      id: id ?? null,
      text,
      source,
      logprob: finite(logprob),
      window: window ?? null,
    })),
    usage: trace.usage,
    timings: { ...timings, firstTokenMs: timings.firstTokenMs ?? null },
    models: { ...models, base: models.base ?? null, draft: models.draft ?? null },
    finishReason: trace.finishReason,
  };
}

/** JSON has no -Infinity; it stands for a probability of 0, and the lowest number does as well. */
function finite(logprob: number | undefined): number | null {
  return logprob === undefined ? null : Math.max(logprob, -Number.MAX_VALUE);
}
