import { anyOfPattern } from '../../core/any-of-pattern.ts';
import { EngineError } from '../../core/errors.ts';
import type { TokenId } from '../../core/language-model.ts';
import type { PromptText } from '../../core/prompt-format.ts';
import { splitAtControlPattern } from '../../core/split-control-texts.ts';
import type { LlamaLibrary, Pointer } from './native/llama-library.ts';
import { assertBroken, recursivePattern } from './unbroken-text.ts';

const NO_TOKEN = -1;

/** UTF-8 bytes that take the slowest tokenizer some 2 ms; a longer text is tokenized off the event loop. */
const MOST_BYTES_AT_ONCE = 8192;

/** Texts between tokens and a model: the native tokenizer, with control tokens recognised only where they may be. */
export class Vocabulary {
  readonly size: number;
  readonly bosText: string | undefined;
  /** What llama.cpp makes of `tokenizer.ggml.add_bos_token`, or of the tokenizer's kind where the file does not say. */
  readonly addsBos: boolean;
  readonly eosText: string | undefined;
  readonly controlTexts: readonly string[];

  readonly #library: LlamaLibrary;
  readonly #vocab: Pointer;
  readonly #controlIds: ReadonlyMap<string, TokenId>;
  readonly #controlPattern: RegExp | undefined;
  readonly #recursive: RegExp | undefined;
  readonly #pieces = new Map<TokenId, Uint8Array>();
  #buffer = Buffer.alloc(256);
  readonly #encoding = new Set<Promise<TokenId[]>>();
  /** The long text that is tokenized, one at a time: threads are left for files and sockets. */
  #longText: Promise<unknown> = Promise.resolve();

  /** @param candidates ids of tokens that may be control tokens, as the file's header says */
  constructor(library: LlamaLibrary, model: Pointer, candidates: Iterable<number>) {
    const vocab = library.modelVocab(model);
    this.#library = library;
    this.#vocab = vocab;
    this.#recursive = recursivePattern(library, model);
    this.size = library.vocabSize(vocab);
    this.bosText = this.#textOf(library.vocabBos(vocab));
    this.addsBos = library.vocabAddsBos(vocab);
    this.eosText = this.#textOf(library.vocabEos(vocab));
    this.#controlIds = this.#controlTokens([...candidates, library.vocabSeparator(vocab)]);
    this.controlTexts = [...this.#controlIds.keys()];
    this.#controlPattern = anyOfPattern(this.controlTexts);
  }

  /** @throws ConfigError when the text has no break for so long that llama.cpp's tokenizer would end the process */
  async encode(text: PromptText): Promise<TokenId[]> {
    const tokens = this.#encode(text);
    this.#encoding.add(tokens);
    try {
      return await tokens;
    } finally {
      this.#encoding.delete(tokens);
    }
  }

  async #encode(text: PromptText): Promise<TokenId[]> {
    const parts: TokenId[][] = [];
    for (const { text: part, isControlToken } of splitAtControlPattern(text, this.#controlPattern)) {
      parts.push(isControlToken ? [this.#controlIds.get(part)!] : await this.#tokenize(part));
    }
    return parts.flat();
  }

  /** Tokens of a word or two, at once. */
  encodeWord(text: string): TokenId[] {
    return this.#tokenizeNow(Buffer.from(text));
  }

  /** Resolves once no text is being tokenized: until then the model's memory is read. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#encoding);
  }

  decode(tokens: readonly TokenId[]): Uint8Array[] {
    return tokens.map((token) => this.#piece(token));
  }

  endsGeneration(token: TokenId): boolean {
    return this.#library.vocabIsEndOfGeneration(this.#vocab, token);
  }

  #textOf(token: number): string | undefined {
    return token === NO_TOKEN ? undefined : this.#library.vocabText(this.#vocab, token);
  }

  #controlTokens(candidates: Iterable<number>): Map<string, TokenId> {
    const texts = new Map<string, TokenId>();
    for (const token of candidates) {
      if (token === NO_TOKEN) continue;
      const isControl =
        this.#library.vocabIsControl(this.#vocab, token) || this.#library.vocabIsEndOfGeneration(this.#vocab, token);
      if (isControl) texts.set(this.#library.vocabText(this.#vocab, token), token as TokenId);
    }
    texts.delete('');
    return texts;
  }

  async #tokenize(text: string): Promise<TokenId[]> {
    if (this.#recursive) assertBroken(text, this.#recursive);
    const bytes = Buffer.from(text);
    if (bytes.length <= MOST_BYTES_AT_ONCE) return this.#tokenizeNow(bytes);
    const tokens = this.#longText.then(() => this.#tokenizeAside(bytes));
    this.#longText = tokens.catch(() => undefined);
    return await tokens;
  }

  #tokenizeNow(bytes: Buffer): TokenId[] {
    const tokens = roomFor(bytes);
    return taken(tokens, this.#library.tokenize(this.#vocab, bytes, bytes.length, tokens, tokens.length, false, false));
  }

  async #tokenizeAside(bytes: Buffer): Promise<TokenId[]> {
    const tokens = roomFor(bytes);
    const { tokenizeAside } = this.#library;
    return taken(tokens, await tokenizeAside(this.#vocab, bytes, bytes.length, tokens, tokens.length, false, false));
  }

  #piece(token: TokenId): Uint8Array {
    const known = this.#pieces.get(token);
    if (known) return known;
    const piece = this.#readPiece(token);
    this.#pieces.set(token, piece);
    return piece;
  }

  #readPiece(token: TokenId): Uint8Array {
    const length = this.#library.tokenToPiece(this.#vocab, token, this.#buffer, this.#buffer.length, 0, false);
    if (length >= 0) return Uint8Array.from(this.#buffer.subarray(0, length));
    this.#buffer = Buffer.alloc(-length);
    return this.#readPiece(token);
  }
}

function roomFor(bytes: Buffer): Int32Array {
  return new Int32Array(bytes.length + 8);
}

function taken(tokens: Int32Array, count: number): TokenId[] {
  if (count < 0) throw new EngineError('llama.cpp', 'tokenize-failed', 'llama.cpp could not tokenize the text.');
  return Array.from(tokens.subarray(0, count)) as TokenId[];
}
