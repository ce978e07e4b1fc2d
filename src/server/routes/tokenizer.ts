import { beginningOfText } from '../../core/beginning-of-text.ts';
import type { LanguageModel } from '../../core/language-model.ts';
import { ApiError } from '../api/api-error.ts';
import { readRequest } from '../api/read-request.ts';
import { detokenizeRequest, tokenizeRequest } from '../api/tokenizer-requests.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { checkTokens } from '../text/read-prompts.ts';

/** `POST /tokenize`: a base's token ids of a text, as vLLM has it; for clients that send ids and have no tokenizer. */
export async function tokenize(gateway: GatewayParts, body: string) {
  const { model, prompt, add_special_tokens: addSpecial = true } = readRequest(tokenizeRequest, body);
  const base = baseOf(gateway, model);
  const { controlTexts, contextLength } = base.info;
  const bos = addSpecial ? beginningOfText(base.info) : [];
  const tokens = await base.encode([...bos, { text: prompt, control: controlTexts.includes(prompt) }]);
  return { count: tokens.length, max_model_len: contextLength, tokens };
}

/** `POST /detokenize`: the text of token ids; control tokens have none. */
export async function detokenize(gateway: GatewayParts, body: string) {
  const { model, tokens } = readRequest(detokenizeRequest, body);
  const base = baseOf(gateway, model);
  const pieces = await base.decode(checkTokens(base, tokens));
  return { prompt: new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(pieces)) };
}

/** `GET /tokenizer_info`: what begins and ends a text, and whether the first is added. */
export function tokenizerInfo(gateway: GatewayParts, model: string | undefined) {
  const { bosText, addsBos = false, eosText, chatTemplate, contextLength } = baseOf(gateway, model).info;
  return {
    bos_token: bosText ?? null,
    add_bos_token: addsBos,
    eos_token: eosText ?? null,
    chat_template: chatTemplate ?? null,
    model_max_length: contextLength,
  };
}

/** @throws ApiError for what has no tokenizer of its own, or where it is not clear whose is meant */
function baseOf(gateway: GatewayParts, name: string | undefined): LanguageModel {
  const wrong = (message: string) => new ApiError(400, message, { param: 'model', code: 'invalid_value' });
  if (name !== undefined) {
    const { text } = gateway.find(name);
    if (text) return text;
    throw wrong(`${name} is not a base, which alone has a tokenizer here: ask ${name.replace(/:draft$/, '')}:base.`);
  }
  const bases = gateway.options.models.filter(({ text }) => text !== undefined);
  const [only, another] = new Set(bases.map(({ text }) => text));
  if (only && !another) return only;
  const names = bases.map(({ id }) => id).join(', ');
  throw wrong(`Several bases are served, and their tokens differ: name one of ${names} as "model".`);
}
