import { EngineError } from '../../core/errors.ts';
import type { TokenId } from '../../core/language-model.ts';
import type { PromptText } from '../../core/prompt-format.ts';
import { splitControlTexts } from '../../core/split-control-texts.ts';
import { byteString } from './byte-string.ts';
import type { Tokenizer } from './tokenizer.ts';

const NO_BYTES = new Uint8Array();

/** A tokenizer's tokens, and after them the control tokens. */
export class ScriptedVocabulary {
  readonly size: number;
  readonly controlTexts: readonly string[];
  readonly endTokens: ReadonlySet<TokenId>;
  readonly #tokenizer: Tokenizer;
  readonly #ids: ReadonlyMap<string, TokenId>;

  constructor(tokenizer: Tokenizer, controlTexts: readonly string[], endTexts: readonly string[]) {
    this.#tokenizer = tokenizer;
    this.controlTexts = [...new Set([...controlTexts, ...endTexts])];
    this.size = tokenizer.pieces.length + this.controlTexts.length;
    const texts = [...tokenizer.pieces, ...this.controlTexts].map(byteString);
    this.#ids = new Map(texts.map((text, id) => [text, id as TokenId]));
    this.endTokens = new Set(endTexts.map((text) => this.idOf(text)));
  }

  encode(text: PromptText): TokenId[] {
    return splitControlTexts(text, this.controlTexts).flatMap((part) =>
      part.isControlToken ? [this.idOf(part.text)] : (this.#tokenizer.encode(part.text) as TokenId[]),
    );
  }

  /** Control tokens have no bytes. */
  decode(tokens: readonly TokenId[]): Uint8Array[] {
    return tokens.map((token) => this.#tokenizer.pieces[token] ?? NO_BYTES);
  }

  /** The token with this very text. */
  idOf(text: string | Uint8Array): TokenId {
    const id = this.#ids.get(byteString(text));
    if (id !== undefined) return id;
    throw new EngineError('scripted', 'no-such-token', `The vocabulary has no token ${JSON.stringify(text)}.`);
  }

  /** What the tokens read, control tokens as their texts. Half a character reads as U+FFFD. */
  textOf(tokens: readonly TokenId[]): string {
    const { pieces } = this.#tokenizer;
    const encoder = new TextEncoder();
    const bytes = tokens.map((token) => pieces[token] ?? encoder.encode(this.controlTexts[token - pieces.length]));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes.flatMap((piece) => [...piece])));
  }
}
