import { beginningOfText } from '../../core/beginning-of-text.ts';
import type { LanguageModel } from '../../core/language-model.ts';
import { ApiError } from '../api/api-error.ts';
import { readRequest } from '../api/read-request.ts';
import { detokenizeRequest, tokenizeRequest } from '../api/tokenizer-requests.ts';
import type { RequestQueue } from '../admission/request-queue.ts';
import type { Exchange } from '../exchange.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { checkTokens } from '../text/read-prompts.ts';

/** `POST /tokenize`: a base's token ids of a text, as vLLM has it; for clients that send ids and have no tokenizer. */
export async function tokenize(gateway: GatewayParts, exchange: Exchange, body: string) {
  const { model, prompt, add_special_tokens: addSpecial = true } = readRequest(tokenizeRequest, body);
  const { base, queue } = baseOf(gateway, model);
  const { controlTexts, contextLength } = base.info;
  const bos = addSpecial ? beginningOfText(base.info) : [];
  const text = [...bos, { text: prompt, control: controlTexts.includes(prompt) }];
  const tokens = await inTurn(queue, exchange, () => base.encode(text, { signal: exchange.signal }));
  return { count: tokens.length, max_model_len: contextLength, tokens };
}

/** `POST /detokenize`: the text of token ids; control tokens have none. */
export async function detokenize(gateway: GatewayParts, exchange: Exchange, body: string) {
  const { model, tokens } = readRequest(detokenizeRequest, body);
  const { base, queue } = baseOf(gateway, model);
  const checked = checkTokens(base, tokens);
  const pieces = await inTurn(queue, exchange, () => base.decode(checked, { signal: exchange.signal }));
  return { prompt: new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(pieces)) };
}

/** `GET /tokenizer_info`: what begins and ends a text, and whether the first is added. */
export function tokenizerInfo(gateway: GatewayParts, model: string | undefined) {
  const { bosText, addsBos = false, eosText, chatTemplate, contextLength } = baseOf(gateway, model).base.info;
  return {
    bos_token: bosText ?? null,
    add_bos_token: addsBos,
    eos_token: eosText ?? null,
    chat_template: chatTemplate ?? null,
    model_max_length: contextLength,
  };
}

/** Waits for its turn as responses do: a tokenizer may take seconds for a long text. @throws ApiError 429 */
async function inTurn<T>(queue: RequestQueue, exchange: Exchange, work: () => Promise<T>): Promise<T> {
  queue.assertRoom();
  const leave = await queue.enter(exchange, exchange.signal);
  try {
    return await work();
  } finally {
    leave();
  }
}

interface ServedTokenizer {
  readonly base: LanguageModel;
  readonly queue: RequestQueue;
}

/** @throws ApiError for what has no tokenizer of its own, or where it is not clear whose is meant */
function baseOf(gateway: GatewayParts, name: string | undefined): ServedTokenizer {
  const wrong = (message: string) => new ApiError(400, message, { param: 'model', code: 'invalid_value' });
  if (name !== undefined) {
    const model = gateway.find(name);
    if (model.text) return { base: model.text, queue: gateway.queueOf(model) };
    throw wrong(`${name} is not a base, which alone has a tokenizer here: ask ${name.replace(/:draft$/, '')}:base.`);
  }
  const bases = gateway.options.models.filter(({ text }) => text !== undefined);
  const [first] = bases;
  if (first?.text && bases.every(({ text }) => text === first.text)) {
    return { base: first.text, queue: gateway.queueOf(first) };
  }
  const names = bases.map(({ id }) => id).join(', ');
  throw wrong(`Several bases are served, and their tokens differ: name one of ${names} as "model".`);
}
