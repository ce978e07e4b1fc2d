import { chatRequest, type ChatRequest } from '../api/chat-request.ts';
import { readRequest } from '../api/read-request.ts';
import { toDecodeRequest, toMessages } from '../api/to-decode-request.ts';
import { ApiError } from '../api/api-error.ts';
import { switchSettings } from '../../settings/request-fields.ts';
import { begun } from '../begun.ts';
import { mergeChoices } from '../choices.ts';
import type { Exchange } from '../exchange.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { chatReply } from '../replies/chat-reply.ts';
import { chatStream } from '../replies/chat-stream.ts';
import { respond } from '../respond.ts';
import type { Answer } from '../run-exchange.ts';

/** `POST /v1/chat/completions`. */
export async function chatCompletions(gateway: GatewayParts, exchange: Exchange, body: string): Promise<Answer> {
  const request = readRequest(chatRequest, body);
  const model = gateway.find(request.model);
  exchange.note({ model: model.id, stream: request.stream ?? false, ...(request.user && { user: request.user }) });
  const parts = {
    messages: toMessages(request),
    maxTokens: maxTokens(request),
    logprobs: request.logprobs ?? false,
    signal: exchange.signal,
  };
  if (gateway.options.logPrompts) exchange.note({ messages: parts.messages });
  const strategy = model.strategy(switchSettings(request));
  const queue = gateway.queueOf(model);
  queue.assertRoom();
  const context = { exchange, model: model.id, queue, metrics: gateway.metrics };
  const choices = Array.from({ length: request.n ?? 1 }, (_, i) =>
    respond(context, () => strategy.decode(toDecodeRequest(request, model.defaults, parts, i))),
  );
  const events = await begun(
    mergeChoices(choices, (why) => exchange.stop(why)),
    gateway.options.limits.keepAliveMs,
  );
  const head = { id: `chatcmpl-${exchange.id}`, created: Math.floor(Date.now() / 1000), model: model.id };
  if (request.stream) return { events: chatStream(request, head, events) };
  return { json: await chatReply(request, head, events) };
}

function maxTokens({ max_tokens: older, max_completion_tokens: newer, stream_options, stream }: ChatRequest) {
  if (stream_options && !stream) {
    throw new ApiError(400, '"stream_options" is only for streams: set "stream" to true, or leave it out.', {
      param: 'stream_options',
    });
  }
  if (older !== undefined && newer !== undefined && older !== newer) {
    throw new ApiError(400, '"max_tokens" and "max_completion_tokens" differ: give one of them.', {
      param: 'max_tokens',
    });
  }
  return newer ?? older;
}
