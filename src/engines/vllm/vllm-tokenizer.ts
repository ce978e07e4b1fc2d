import { settingName } from '../../core/setting-name.ts';
import { CapabilityError } from '../../core/errors.ts';
import type { CallOptions, TokenId } from '../../core/language-model.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { NetworkTokenizer } from '../network/network-tokenizer.ts';
import {
  looksControl,
  MARKED,
  openServerTokenizer,
  type ServerPiece,
  type ServerTokenizerOptions,
} from '../network/server-tokenizer.ts';
import { findSpelling, SPELLING_PROBE, tokenBytes, type TokenSpelling } from '../network/token-spelling.ts';
import { writeForced } from './vllm-next-tokens.ts';
import { detokenized, tokenized } from './vllm-replies.ts';

const REPLACEMENT = '\u{FFFD}';

/**
 * The tokenizer of a vLLM server. It recognises control tokens in every text: where a text holds one, it is cut within
 * it, so that no token is what a person wrote to look like one.
 */
export async function openVllmTokenizer(
  client: HttpClient,
  model: string,
  opening: CallOptions,
): Promise<NetworkTokenizer> {
  const ask: Ask = async (prompt, special, call) => {
    const body = { model, prompt, add_special_tokens: special, return_token_strs: true };
    const { tokens, token_strs } = await client.ask('/tokenize', body, tokenized, call);
    return tokens.map((id, i) => ({ id: id as TokenId, text: token_strs?.[i] ?? '' }));
  };
  const read = async (tokens: readonly TokenId[], call: CallOptions) =>
    (await client.ask('/detokenize', { model, tokens }, detokenized, call)).prompt;
  const spelling = await probeSpelling(client, (text) => ask(text, false, opening));
  const bosText = await findBeginning(ask, opening);
  const [anchor] = await ask('a', false, opening);
  const controlToken = remembering(async (text, call) => {
    const [token, ...more] = await ask(text, false, call);
    return token?.text === text && more.length === 0 ? token.id : undefined;
  });
  const options: ServerTokenizerOptions = {
    server: client.server,
    bosText,
    addsBos: bosText !== undefined,
    controlToken,
    async tokenize(text, call) {
      const parts = await withoutControls(text, (marked) => controlToken(marked, call));
      const tokens = await Promise.all(parts.map((part) => ask(part, false, call)));
      return tokens.flat().map(({ id, text: token }): ServerPiece => ({ id, bytes: bytesOf(spelling, token) }));
    },
    async detokenize(token, call) {
      // After another token, for some tokenizers drop the space at the beginning of a text.
      const text = (await read([anchor!.id, token], call)).slice((await read([anchor!.id], call)).length);
      if (text.includes(REPLACEMENT)) return undefined;
      // It shows control tokens as their texts here, and not where it writes.
      return looksControl(text) && (await writeForced(client, model, [token], token, call)).text === '' ? '' : text;
    },
  };
  return await openServerTokenizer(options, opening);
}

interface AskedToken {
  readonly id: TokenId;
  readonly text: string;
}

type Ask = (text: string, special: boolean, call: CallOptions) => Promise<readonly AskedToken[]>;

type FindToken = (text: string, call: CallOptions) => Promise<TokenId | undefined>;

/** What people write to look like control tokens has no end. */
const MOST_REMEMBERED = 10_000;

function remembering(find: FindToken): FindToken {
  const known = new Map<string, TokenId | undefined>();
  return async (text, call) => {
    if (known.has(text)) return known.get(text);
    const token = await find(text, call);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(text, token);
    return token;
  };
}

async function probeSpelling(client: HttpClient, ask: (text: string) => ReturnType<Ask>): Promise<TokenSpelling> {
  const spelling = findSpelling(
    (await ask(SPELLING_PROBE)).map(({ text }) => text),
    SPELLING_PROBE,
  );
  if (spelling) return spelling;
  const { url } = client.server;
  throw new CapabilityError(
    'unknown-tokenizer',
    `The tokenizer of vllm at ${url} does not tell its tokens' bytes: give the model's tokenizer.json with ${settingName('tokenizer')}.`,
  );
}

/** The token that the server puts before a prompt of its own accord. */
async function findBeginning(ask: Ask, opening: CallOptions): Promise<string | undefined> {
  const [[first], [plain]] = [await ask('a', true, opening), await ask('a', false, opening)];
  return first && first.id !== plain?.id ? first.text : undefined;
}

/** The text in parts, none of which holds the whole text of a control token. */
async function withoutControls(
  text: string,
  controlToken: (text: string) => Promise<TokenId | undefined>,
): Promise<string[]> {
  const parts: string[] = [];
  let start = 0;
  for (const { 0: marked, index } of text.matchAll(MARKED)) {
    if ((await controlToken(marked)) === undefined) continue;
    parts.push(text.slice(start, index + 1));
    start = index + 1;
  }
  return [...parts, text.slice(start)].filter((part) => part !== '');
}

/** An added token is written as it is. */
function bytesOf(spelling: TokenSpelling, token: string): Uint8Array {
  return tokenBytes(spelling, token) ?? Buffer.from(token, 'utf8');
}
