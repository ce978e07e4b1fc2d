import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodeTrace } from '../core/decode-trace.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import type { SamplingParams } from '../core/language-model.ts';
import { checkOptions } from './check-options.ts';
import { createStrategy } from './create-strategy.ts';
import { resolveCriterion } from './notation/criteria/resolve-criterion.ts';
import type { DecodeOptions } from './decode-options.ts';
import type { Models } from './load-pair.ts';

/**
 * Streams one response as typed events and returns its trace, which the last event holds as well. Aborting `signal`, or
 * leaving the loop, stops both models within a token.
 *
 * @throws ConfigError for an option out of range, ContextOverflowError, EngineError; AbortError
 */
export async function* decode(models: Models, options: DecodeOptions): AsyncGenerator<DecodeEvent, DecodeTrace, void> {
  checkOptions(options);
  const {
    strategy = 'wsd',
    criterion,
    gamma,
    window,
    maxDraft,
    maxTokens,
    maxResponseTokens,
    onNoSwitch,
    chunkTokens,
    stop,
    signal,
  } = options;
  const chosen = createStrategy(strategy, models, {
    criterion: resolveCriterion({ criterion, gamma, window }),
    ...(maxDraft !== undefined && { maxDraftTokens: maxDraft }),
    ...(onNoSwitch && { onNoSwitch }),
    ...(chunkTokens !== undefined && { chunkTokens }),
    ...(options.urialExamples !== undefined && { urialExamples: options.urialExamples }),
  });
  return yield* chosen.decode({
    messages: conversation(options),
    sampling: samplingOf(options),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(maxResponseTokens !== undefined && { maxResponseTokens }),
    ...(stop && { stop }),
    ...(options.speculate !== undefined && { speculate: options.speculate }),
    ...(options.confidences && { confidences: options.confidences }),
    ...(signal && { signal }),
  });
}

function conversation({ prompt, messages, system }: DecodeOptions): ChatMessage[] {
  const turns = messages ?? [{ role: 'user' as const, content: prompt ?? '' }];
  return system === undefined ? [...turns] : [{ role: 'system', content: system }, ...turns];
}

/** The sampling parameters of a response; greedy unless asked otherwise. */
export function samplingOf(options: Partial<SamplingParams>): SamplingParams {
  const { temperature = 0, topP, topK, minP, repetitionPenalty, seed } = options;
  return {
    temperature,
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(minP !== undefined && { minP }),
    ...(repetitionPenalty !== undefined && { repetitionPenalty }),
    ...(seed !== undefined && { seed }),
  };
}
