import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider';
import type { DecodeOptions } from '../assembly/decode-options.ts';
import { readProviderOptions } from './provider-options.ts';
import { toChatMessages } from './to-chat-messages.ts';
import { unsupportedSettings } from './unsupported-settings.ts';
import type { WellbegunModelOptions } from './model-options.ts';

/** What one call of the AI SDK asks for, in this project's words. */
export interface Call {
  readonly decodeOptions: DecodeOptions;
  /** The metadata holds the trace of every token. */
  readonly withTrace: boolean;
  /** The stream holds the decode events as raw parts too. */
  readonly withRaw: boolean;
  readonly warnings: SharedV4Warning[];
}

/**
 * A call's own settings come before its `providerOptions.wellbegun`, these before the model's.
 *
 * @throws ConfigError for provider options that don't exist, CapabilityError for a prompt that is not text alone
 */
export function readCall(call: LanguageModelV4CallOptions, defaults: WellbegunModelOptions): Call {
  const { trace = false, ...own } = readProviderOptions(call.providerOptions?.['wellbegun']);
  const { messages, warnings } = toChatMessages(call.prompt);
  return {
    decodeOptions: {
      ...defaults,
      ...own,
      ...settingsOf(call),
      messages,
      confidences: trace || call.includeRawChunks ? 'all' : (defaults.confidences ?? 'deciding'),
    },
    withTrace: trace,
    withRaw: call.includeRawChunks ?? false,
    warnings: [...unsupportedSettings(call), ...warnings],
  };
}

function settingsOf(call: LanguageModelV4CallOptions): DecodeOptions {
  const { maxOutputTokens, temperature, topP, topK, seed, stopSequences, abortSignal } = call;
  return {
    ...(maxOutputTokens !== undefined && { maxResponseTokens: maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(seed !== undefined && { seed }),
    ...(stopSequences && { stop: stopSequences }),
    ...(abortSignal && { signal: abortSignal }),
  };
}
