import { z } from 'zod';
import type { BatchLine, BatchRequest } from '../../../batch/batch-request.ts';
import type { Benchmark, BenchmarkItem } from '../../../benchmarks/benchmark.ts';
import { deriveSeed } from '../../../core/derive-seed.ts';
import type { TextLine } from '../../../recording/text-line.ts';
import { chatMessage } from '../../../settings/chat-message.ts';

/** A line of a benchmark's file: all that a model is shown, and when it stops. */
const itemLine = z.object({
  id: z.string(),
  /** Which answer to the item it asks for, from 1. */
  sample: z.int().gte(1),
  benchmark: z.string().describe('Name and version.'),
  form: z.string().describe('Name and version.'),
  messages: z.array(chatMessage),
  prompt: z.string().optional(),
  lead: z.string().optional(),
  stop: z.array(z.string()),
  maxTokens: z.int(),
  temperature: z.number().optional(),
  followUps: z.array(z.string()).optional(),
});

export function itemLineOf(benchmark: Benchmark, item: BenchmarkItem, sample: number): string {
  const { form } = benchmark;
  const { id, messages, prompt, lead, temperature, followUps } = item;
  const line: z.infer<typeof itemLine> = {
    ...{ id, sample, benchmark: `${benchmark.name} ${benchmark.version}`, form: `${form.name} ${form.version}` },
    messages: [...messages],
    ...(prompt !== undefined && { prompt }),
    ...(lead !== undefined && { lead }),
    stop: [...form.stop],
    maxTokens: form.maxTokens,
    ...(temperature !== undefined && { temperature }),
    ...(followUps.length > 0 && { followUps: [...followUps] }),
  };
  return JSON.stringify(line);
}

/** What a person set for all items, which counts more than what the benchmark says. */
export interface ItemSettings {
  readonly maxResponseTokens?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly temperature?: number | undefined;
  /** Of the first line; each line has one of its own. Default: 1, so that sampled answers can be made again. */
  readonly seed?: number | undefined;
  /** False: a base with a template, or with a form of the strategy's own, sees messages in that. */
  readonly isPlain: boolean;
  /** The draft begins the answer. */
  readonly isDrafted: boolean;
}

/** Reads a line that `itemLineOf` wrote. */
export function parseItemLine({ bytes, number: line }: TextLine, settings: ItemSettings): BatchLine {
  const item = itemLine.parse(JSON.parse(Buffer.from(bytes!).toString()));
  const { prompt, lead = '', sample } = item;
  const { temperature = item.temperature, seed = 1, stop = [], maxResponseTokens = item.maxTokens } = settings;
  const request: BatchRequest = {
    messages: item.messages,
    ...(prompt !== undefined && settings.isPlain && { basePrompt: settings.isDrafted ? prompt + lead : prompt }),
    stop: [...item.stop, ...stop],
    maxResponseTokens,
    sampling: { ...(temperature !== undefined && { temperature }), seed: deriveSeed(seed, line - 1, 'choice') },
    ...(item.followUps && { followUps: item.followUps }),
  };
  return { line, form: 'plain', id: sample === 1 ? item.id : `${item.id}#${sample}`, request };
}
