import { settingName } from '../../core/setting-name.ts';
import { EngineError } from '../../core/errors.ts';
import type { CallOptions, TokenId } from '../../core/language-model.ts';
import type { PromptText } from '../../core/prompt-format.ts';
import type { ServerName } from '../http/http-failure.ts';
import type { NetworkTokenizer } from './network-tokenizer.ts';

/** One token of a text, as the server tells it. */
export interface ServerPiece {
  readonly id: TokenId;
  readonly bytes: Uint8Array;
}

export interface ServerTokenizerOptions {
  readonly server: ServerName;
  readonly bosText?: string | undefined;
  /** The server puts `bosText` before a text of its own accord. */
  readonly addsBos: boolean;
  readonly eosText?: string | undefined;
  /** Tokens of a text, in which control tokens' texts are no control tokens. */
  tokenize(text: string, options: CallOptions): Promise<readonly ServerPiece[]>;
  /** The control token with this very text. */
  controlToken(text: string, options: CallOptions): Promise<TokenId | undefined>;
  /** What one token reads after others, control tokens as nothing; undefined where it is a part of a character. */
  detokenize(token: TokenId, options: CallOptions): Promise<string | undefined>;
}

const NO_BYTES = new Uint8Array();
/** What control tokens look like: `<|im_end|>`, `<bos>`, `[INST]`. */
export const MARKED = /(<[^<>\s]{1,64}>|\[[A-Z_/]{1,64}\])/gu;

/** Whether a text may be that of a control token. */
export function looksControl(text: string): boolean {
  return text.replace(MARKED, '') === '' && text !== '';
}

/** A server's tokenizer, asked over its API. What it said of a token is remembered. */
export async function openServerTokenizer(
  options: ServerTokenizerOptions,
  opening: CallOptions,
): Promise<NetworkTokenizer> {
  const tokenizer = new ServerTokenizer(options);
  const controlTexts = await tokenizer.known([options.bosText, options.eosText], opening);
  return {
    controlTexts,
    addsBos: options.addsBos,
    ...(options.bosText !== undefined && { bosText: options.bosText }),
    ...(options.eosText !== undefined && { eosText: options.eosText }),
    encode: (text, call = {}) => tokenizer.encode(text, call),
    decode: (tokens, call = {}) => tokenizer.decode(tokens, call),
  };
}

class ServerTokenizer {
  readonly #options: ServerTokenizerOptions;
  readonly #bytes = new Map<TokenId, Uint8Array>();
  readonly #controls = new Map<string, TokenId | undefined>();

  constructor(options: ServerTokenizerOptions) {
    this.#options = options;
  }

  /** Those of the texts that are control tokens. */
  async known(texts: readonly (string | undefined)[], call: CallOptions): Promise<string[]> {
    const given = texts.filter((text) => text !== undefined && text !== '') as string[];
    const tokens = await Promise.all(given.map((text) => this.#controlToken(text, call)));
    return given.filter((_, i) => tokens[i] !== undefined);
  }

  async encode(text: PromptText, call: CallOptions): Promise<TokenId[]> {
    const ids: TokenId[] = [];
    let plain = '';
    const flush = async () => {
      if (plain !== '') ids.push(...(await this.#tokenize(plain, call)));
      plain = '';
    };
    for (const segment of text) {
      // The pattern captures what it splits at: every second piece looks like a control token.
      for (const [i, piece] of (segment.control ? segment.text.split(MARKED) : [segment.text]).entries()) {
        const control = i % 2 === 1 ? await this.#controlToken(piece, call) : undefined;
        if (control === undefined) plain += piece;
        else {
          await flush();
          ids.push(control);
        }
      }
    }
    await flush();
    return ids;
  }

  async decode(tokens: readonly TokenId[], call: CallOptions): Promise<Uint8Array[]> {
    const unknown = [...new Set(tokens)].filter((token) => !this.#bytes.has(token));
    await Promise.all(unknown.map((token) => this.#ask(token, call)));
    return tokens.map((token) => this.#bytes.get(token)!);
  }

  async #tokenize(text: string, call: CallOptions): Promise<TokenId[]> {
    const pieces = await this.#options.tokenize(text, call);
    for (const { id, bytes } of pieces) this.#bytes.set(id, bytes);
    return pieces.map(({ id }) => id);
  }

  async #controlToken(text: string, call: CallOptions): Promise<TokenId | undefined> {
    if (this.#controls.has(text)) return this.#controls.get(text);
    const id = await this.#options.controlToken(text, call);
    this.#controls.set(text, id);
    if (id !== undefined) this.#bytes.set(id, NO_BYTES);
    return id;
  }

  async #ask(token: TokenId, call: CallOptions): Promise<void> {
    const text = await this.#options.detokenize(token, call);
    if (text !== undefined) return void this.#bytes.set(token, Buffer.from(text, 'utf8'));
    const { engine, url } = this.#options.server;
    throw new EngineError(
      engine,
      'unknown-token',
      `${engine} at ${url} does not tell the bytes of token ${token}: give the model's tokenizer.json with ${settingName('tokenizer')}.`,
      { url },
    );
  }
}
