import type { DecodeRequest } from '../../core/decoding-strategy.ts';
import { deriveSeed } from '../../core/derive-seed.ts';
import { wrappedSeed } from '../../core/wrapped-seed.ts';
import type { SamplingParams } from '../../core/language-model.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import { plainMessage } from '../../settings/client-message.ts';
import { assertAnswerable } from '../../settings/read-messages.ts';
import { samplingSettings } from '../../settings/request-fields.ts';
import type { ServedDefaults } from '../served-model.ts';
import type { ChatRequest } from './chat-request.ts';
import type { CompletionRequest } from './completion-request.ts';

type AnyRequest = ChatRequest | CompletionRequest;

export interface DecodeParts {
  readonly messages: readonly ChatMessage[];
  /** Most tokens of the whole response; undefined: as the model is configured. */
  readonly maxTokens: number | undefined;
  readonly logprobs: boolean;
  readonly signal: AbortSignal;
}

/** One choice of a request in the words of a strategy. */
export function toDecodeRequest(
  request: AnyRequest,
  defaults: ServedDefaults,
  parts: DecodeParts,
  choice: number,
): DecodeRequest {
  const { maxTokens, logprobs, signal } = parts;
  const most = maxTokens ?? defaults.maxTokens;
  const mostTogether = maxTokens ?? defaults.maxResponseTokens;
  return {
    messages: withSystem(parts.messages, defaults.system),
    sampling: sampling(request, defaults.sampling, choice),
    stop: [...(defaults.stop ?? []), ...(typeof request.stop === 'string' ? [request.stop] : (request.stop ?? []))],
    ...(most !== undefined && { maxTokens: most }),
    ...(mostTogether !== undefined && { maxResponseTokens: mostTogether }),
    ...(defaults.speculate !== undefined && { speculate: defaults.speculate }),
    ...(defaults.onLoop && { onLoop: defaults.onLoop }),
    ...(logprobs && { logprobs }),
    confidences: request.trace || request.token_source ? 'all' : 'deciding',
    signal,
  };
}

/** @throws ConfigError for a conversation that has nothing to answer */
export function toMessages({ messages }: Pick<ChatRequest, 'messages'>): ChatMessage[] {
  const turns = messages.map(plainMessage);
  assertAnswerable(turns);
  return turns;
}

function withSystem(messages: readonly ChatMessage[], system: string | undefined): readonly ChatMessage[] {
  if (system === undefined || messages.some(({ role }) => role === 'system')) return messages;
  return [{ role: 'system', content: system }, ...messages];
}

function sampling(request: AnyRequest, defaults: SamplingParams, choice: number): SamplingParams {
  const { seed, ...chosen } = { ...defaults, ...samplingSettings(request) };
  return { ...chosen, ...(seed !== undefined && { seed: deriveSeed(wrappedSeed(seed), choice, 'choice') }) };
}
