import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import { strategyText } from '../assembly/create-strategy.ts';
import type { Models } from '../assembly/load-pair.ts';
import type { WellbegunModelOptions } from './model-options.ts';
import { type Call, readCall } from './read-call.ts';
import { responseMetadata } from './response-metadata.ts';
import { responseParts } from './response-parts.ts';
import { startResponse } from './start-response.ts';
import { streamOf } from './stream-of.ts';
import { toFinish } from './to-finish.ts';

/**
 * A language model of the Vercel AI SDK (specification v4) that decodes with opened models in this process: `wsd` by
 * default, `base` or `draft` where `options.strategy` says so. Text only; greedy unless a call sets a temperature.
 *
 * Its calls reject with ConfigError, ContextOverflowError, EngineError, CapabilityError for what is not text, and with
 * AbortError.
 */
export function wellbegunModel(models: Models, options: WellbegunModelOptions = {}): LanguageModelV4 {
  const modelId = strategyText(options.strategy ?? 'wsd');
  const read = (call: LanguageModelV4CallOptions) => readCall(call, options);
  return {
    specificationVersion: 'v4',
    provider: 'wellbegun',
    modelId,
    supportedUrls: {},
    doGenerate: async (call) => await generate(models, read(call), modelId),
    doStream: async (call) => await stream(models, read(call), modelId),
  };
}

async function generate(
  models: Models,
  { decodeOptions, withTrace, warnings }: Call,
  modelId: string,
): Promise<LanguageModelV4GenerateResult> {
  const timestamp = new Date();
  const { events } = await startResponse(models, decodeOptions);
  for (;;) {
    const next = await events.next();
    if (!next.done) continue;
    const trace = next.value;
    return {
      content: [{ type: 'text', text: trace.text }],
      ...toFinish(trace),
      providerMetadata: { wellbegun: { ...responseMetadata(trace, { withTrace }) } },
      response: { id: responseId(), timestamp, modelId },
      warnings,
    };
  }
}

async function stream(
  models: Models,
  { decodeOptions, withTrace, withRaw, warnings }: Call,
  modelId: string,
): Promise<LanguageModelV4StreamResult> {
  const head = { id: responseId(), timestamp: new Date(), modelId };
  const left = new AbortController();
  const signals = [left.signal, ...(decodeOptions.signal ? [decodeOptions.signal] : [])];
  const started = await startResponse(models, { ...decodeOptions, signal: AbortSignal.any(signals) });
  const parts = responseParts(started, { head, warnings, withTrace, withRaw });
  return { stream: streamOf(parts, left) };
}

const responseId = () => `wellbegun-${crypto.randomUUID()}`;
