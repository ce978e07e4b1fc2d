import type { DecodeRequest } from '../../core/decoding-strategy.ts';
import { deriveSeed } from '../../core/derive-seed.ts';
import { wrappedSeed } from '../../core/wrapped-seed.ts';
import type { SamplingParams } from '../../core/language-model.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import type { ServedDefaults, SwitchOptions } from '../served-model.ts';
import { ApiError } from './api-error.ts';
import type { ChatRequest, RequestMessage } from './chat-request.ts';
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
    ...(logprobs && { logprobs }),
    confidences: request.trace || request.token_source ? 'all' : 'deciding',
    signal,
  };
}

export function toSwitchOptions(request: AnyRequest): SwitchOptions {
  const { gamma, window, criterion, max_draft: maxDraft, on_no_switch: onNoSwitch } = request;
  return {
    ...(gamma !== undefined && { gamma }),
    ...(window !== undefined && { window }),
    ...(criterion !== undefined && { criterion }),
    ...(maxDraft !== undefined && { maxDraft }),
    ...(onNoSwitch && { onNoSwitch }),
  };
}

/** @throws ApiError for a conversation that has nothing to answer */
export function toMessages(messages: readonly RequestMessage[]): ChatMessage[] {
  const turns = messages.map(({ role, content }) => ({
    role: role === 'developer' ? 'system' : role,
    content: typeof content === 'string' ? content : content.map(({ text }) => text).join(''),
  }));
  if (!turns.some(({ role, content }) => role === 'user' && content.trim() !== '')) {
    throw new ApiError(400, '"messages" has no text from the user: say what to answer.', { param: 'messages' });
  }
  if (turns.at(-1)?.role === 'system') {
    throw new ApiError(400, 'The last of "messages" must be from the user, or the beginning of an answer.', {
      param: 'messages',
    });
  }
  return turns;
}

function withSystem(messages: readonly ChatMessage[], system: string | undefined): readonly ChatMessage[] {
  if (system === undefined || messages.some(({ role }) => role === 'system')) return messages;
  return [{ role: 'system', content: system }, ...messages];
}

function sampling(request: AnyRequest, defaults: SamplingParams, choice: number): SamplingParams {
  const { temperature = defaults.temperature, top_p: topP, top_k: topK, min_p: minP, seed } = request;
  const { repetition_penalty: repetitionPenalty } = request;
  const first = seed ?? defaults.seed;
  return {
    ...defaults,
    temperature,
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(minP !== undefined && { minP }),
    ...(repetitionPenalty !== undefined && { repetitionPenalty }),
    ...(first !== undefined && { seed: deriveSeed(wrappedSeed(first), choice, 'choice') }),
  };
}
