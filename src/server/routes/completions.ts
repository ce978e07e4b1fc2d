import type { DecodeRequest } from '../../core/decoding-strategy.ts';
import type { LanguageModel, TokenId } from '../../core/language-model.ts';
import { ApiError } from '../api/api-error.ts';
import { assertCompletion } from '../api/assert-completion.ts';
import { completionRequest, type CompletionRequest } from '../api/completion-request.ts';
import { readRequest } from '../api/read-request.ts';
import { toDecodeRequest } from '../api/to-decode-request.ts';
import { switchSettings } from '../../settings/request-fields.ts';
import { begun } from '../begun.ts';
import { mergeChoices } from '../choices.ts';
import type { Exchange } from '../exchange.ts';
import { BEGINS_IDS, type GatewayParts } from '../gateway-parts.ts';
import { completionReply } from '../replies/completion-reply.ts';
import { completionStream } from '../replies/completion-stream.ts';
import { respond, type ResponseStream } from '../respond.ts';
import type { Answer } from '../run-exchange.ts';
import type { ServedModel } from '../served-model.ts';
import { continueText } from '../text/continue-text.ts';
import { type Echo, echoPrompt } from '../text/echo-prompt.ts';
import { encodePrompt, missingBeginning, type Prompt, readPrompts } from '../text/read-prompts.ts';

/** As in the OpenAI API. */
const DEFAULT_TOKENS = 16;

/** `POST /v1/completions`: text that a base goes on from, or a single question to a pair. */
export async function completions(gateway: GatewayParts, exchange: Exchange, body: string): Promise<Answer> {
  const request = readRequest(completionRequest, body);
  const model = gateway.find(request.model);
  exchange.note({ model: model.id, stream: request.stream ?? false, ...(request.user && { user: request.user }) });
  assertCompletion(request, model);
  if (gateway.options.logPrompts) exchange.note({ prompt: request.prompt });
  const queue = gateway.queueOf(model);
  queue.assertRoom();
  const context = { exchange, model: model.id, queue, metrics: gateway.metrics };
  const choose = model.text
    ? textChoices(request, model, model.text, { gateway, exchange })
    : chatChoices(request, model, exchange);
  const n = request.n ?? 1;
  const prompts = readPrompts(request);
  const echoes: Echo[] = [];
  const choices = prompts.flatMap((prompt, p) =>
    Array.from({ length: n }, (_, i) =>
      respond(context, () => choose(prompt, i, (echo) => (echoes[p * n + i] = echo))),
    ),
  );
  const events = await begun(
    mergeChoices(choices, (why) => exchange.stop(why)),
    gateway.options.limits.keepAliveMs,
  );
  const head = { id: `cmpl-${exchange.id}`, created: Math.floor(Date.now() / 1000), model: model.id };
  const parts = { request, head, events, echoes };
  return request.stream ? { events: completionStream(parts) } : { json: await completionReply(parts) };
}

/** Starts one choice of one prompt; `onEcho` is told of the prompt before the first event. */
type Choose = (prompt: Prompt, choice: number, onEcho: (echo: Echo) => void) => ResponseStream;

function textChoices(
  request: CompletionRequest,
  model: ServedModel,
  text: LanguageModel,
  { gateway, exchange }: { readonly gateway: GatewayParts; readonly exchange: Exchange },
): Choose {
  return async function* (prompt, choice, onEcho) {
    const tokens = await encodePrompt(text, prompt);
    const missing = typeof prompt === 'string' ? [] : await missingBeginning(text, tokens);
    if (missing.length > 0 && !model.beginsIds) warnOfIds(gateway, exchange, model);
    const before = model.beginsIds ? missing : [];
    assertFits(text, [...before, ...tokens]);
    const { logprobs, echo } = request;
    if (echo) onEcho(await echoPrompt(text, tokens, { logprobs, before, signal: exchange.signal }));
    return yield* continueText(text, [...before, ...tokens], decodeRequest(request, model, exchange, choice));
  };
}

/** Once for each model and key. */
function warnOfIds({ withoutBos }: GatewayParts, { log }: Exchange, { id }: ServedModel): void {
  const asked = JSON.stringify([id, log.bindings()['key']]);
  if (withoutBos.has(asked)) return;
  withoutBos.add(asked);
  log.warn(
    { model: id },
    `Token ids without BOS were sent to ${id}, whose tokenizer adds it: they are taken as they are, unlike the texts the model was trained on. Ask ${id}${BEGINS_IDS} to have it added.`,
  );
}

function chatChoices(request: CompletionRequest, model: ServedModel, exchange: Exchange): Choose {
  const strategy = model.strategy(switchSettings(request));
  return (prompt, choice) =>
    strategy.decode(decodeRequest(request, model, exchange, choice, [{ role: 'user', content: String(prompt) }]));
}

function decodeRequest(
  request: CompletionRequest,
  { defaults, text }: ServedModel,
  { signal }: Exchange,
  choice: number,
  messages: DecodeRequest['messages'] = [],
): DecodeRequest {
  const maxTokens = request.max_tokens ?? DEFAULT_TOKENS;
  const logprobs = request.logprobs !== undefined;
  // A system message and stop strings are for conversations; plain text goes on as it is.
  const { sampling, speculate } = defaults;
  const own = text ? { sampling, ...(speculate !== undefined && { speculate }) } : defaults;
  return toDecodeRequest(request, own, { messages, maxTokens, logprobs, signal }, choice);
}

function assertFits({ info, id }: LanguageModel, tokens: readonly TokenId[]): void {
  if (tokens.length <= info.contextLength) return;
  throw new ApiError(
    400,
    `The prompt has ${tokens.length} tokens for ${id}, whose context holds ${info.contextLength}: shorten it.`,
    { param: 'prompt', code: 'context_length_exceeded' },
  );
}
