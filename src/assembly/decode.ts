import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodeTrace } from '../core/decode-trace.ts';
import type { SamplingParams } from '../core/language-model.ts';
import { type DecodingSettings, SAMPLING_NAMES } from '../settings/decoding.ts';
import { checkOptions } from './check-options.ts';
import { conversationOf } from './conversation-of.ts';
import { createStrategy } from './create-strategy.ts';
import type { DecodeOptions } from './decode-options.ts';
import type { Models } from './load-pair.ts';
import { strategyOptions } from './strategy-options.ts';

/**
 * Streams one response as typed events and returns its trace, which the last event holds as well. Aborting `signal`, or
 * leaving the loop, stops both models within a token.
 *
 * @throws ConfigError for an option out of range, ContextOverflowError, EngineError; AbortError
 */
export async function* decode(models: Models, options: DecodeOptions): AsyncGenerator<DecodeEvent, DecodeTrace, void> {
  checkOptions(options);
  const { strategy = 'wsd', maxTokens, maxResponseTokens, stop, signal } = options;
  const chosen = createStrategy(strategy, models, strategyOptions(options));
  return yield* chosen.decode({
    messages: conversationOf(options),
    sampling: samplingOf(options),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(maxResponseTokens !== undefined && { maxResponseTokens }),
    ...(stop && { stop }),
    ...(options.onLoop && { onLoop: options.onLoop }),
    ...(options.speculate !== undefined && { speculate: options.speculate }),
    ...(options.confidences && { confidences: options.confidences }),
    ...(signal && { signal }),
  });
}

/** The sampling parameters of a response; greedy unless asked otherwise. */
export function samplingOf(options: Pick<DecodingSettings, keyof SamplingParams>): SamplingParams {
  const given = SAMPLING_NAMES.map((name) => [name, options[name]] as const);
  return { temperature: 0, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}
