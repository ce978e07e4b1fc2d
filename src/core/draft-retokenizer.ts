import { byteCount } from './byte-count.ts';
import { commonPrefixLength } from './common-prefix-length.ts';
import { dropBytes } from './drop-bytes.ts';
import type { CallOptions, LanguageModel, TokenId } from './language-model.ts';
import type { PromptText } from './prompt-format.ts';
import { isSeam, type PromptSeam, seamCandidates } from './prompt-seam.ts';

/**
 * How far back, in characters, a text without spaces can still change its tokens. Merges reach back a few tokens; the
 * longest token of the vocabularies in use is below this.
 */
const LONGEST_UNSETTLED = 64;

/** A token of the draft in the base's vocabulary. */
export interface SettledToken {
  readonly token: TokenId;
  /** Its part of the response: without the bytes of the prompt, where a token spans the seam. */
  readonly bytes: Uint8Array;
}

export interface SettledTokens {
  readonly prefix: readonly TokenId[];
  readonly tokens: readonly SettledToken[];
}

/**
 * The draft's text in the base's tokens, while the text grows.
 *
 * Prompt and draft are tokenised together; the draft's tokens are those from the first on that differs from the
 * prompt's own. More text can change the tokens near the end (a word goes on, a space joins the next one), so tokens
 * are settled only up to the blanks before the last word, and the result equals tokenising the whole draft at once.
 */
export class DraftRetokenizer {
  readonly #base: LanguageModel;
  readonly #prompt: PromptText;
  readonly #promptTokens: readonly TokenId[];
  readonly #call: CallOptions;
  #text = '';
  #seam: PromptSeam | undefined;
  #isSeamSought = false;
  /** Prompt tokens (up to the seam) and all settled draft tokens. */
  #settled: TokenId[] | undefined;
  /** Bytes of the prompt that the next tokens begin with, where tokens span the seam. */
  #overlap = 0;

  /** @param call for all that it asks of the base's tokenizer */
  static async start(base: LanguageModel, prompt: PromptText, call: CallOptions = {}): Promise<DraftRetokenizer> {
    return new DraftRetokenizer(base, prompt, await base.encode(prompt, call), call);
  }

  /** @param promptTokens of the prompt */
  constructor(base: LanguageModel, prompt: PromptText, promptTokens: readonly TokenId[], call: CallOptions) {
    this.#base = base;
    this.#prompt = prompt;
    this.#promptTokens = promptTokens;
    this.#call = call;
  }

  /** Everything before the next token to settle: what the base has to read before it. */
  get prefix(): readonly TokenId[] {
    return this.#settled ?? this.#promptTokens;
  }

  /**
   * Adds text of the draft; gives the tokens that this settles, and the prefix before them. When the draft is complete
   * its trailing whitespace is dropped and all of the rest is settled.
   */
  async extend(text: string, { complete }: { readonly complete: boolean }): Promise<SettledTokens> {
    this.#text += text;
    if (complete) this.#text = this.#text.trimEnd();
    return this.#settle(complete ? this.#text.length : settledLength(this.#text));
  }

  async #settle(length: number): Promise<SettledTokens> {
    if (length === 0) return { prefix: this.prefix, tokens: [] };
    const all = await this.#encode();
    const start = this.#settled?.length ?? commonPrefixLength(all, this.#promptTokens);
    const open = all.slice(start);
    const bytes = await this.#base.decode(open, this.#call);
    if (!this.#settled) this.#overlap = byteCount(await this.#base.decode(this.#promptTokens.slice(start), this.#call));
    const unsettled = utf8Length(this.#text.slice(length));
    const count = countWithin(bytes, byteCount(bytes) - unsettled);
    if (count === 0) return { prefix: this.prefix, tokens: [] };
    const prefix = all.slice(0, start);
    this.#settled = all.slice(0, start + count);
    const settled = bytes.slice(0, count);
    const own = dropBytes(settled, this.#overlap);
    this.#overlap -= byteCount(settled) - byteCount(own);
    return { prefix, tokens: own.map((piece, index) => ({ token: open[index]!, bytes: piece })) };
  }

  /**
   * All tokens of prompt and draft. Tokens that were settled stay, should a tokenizer ever think otherwise; so does the
   * prompt's first, for a model needs one before it can score.
   */
  async #encode(): Promise<TokenId[]> {
    const all = await this.#encodeAll();
    const settled = this.#settled ?? this.#promptTokens.slice(0, 1);
    if (commonPrefixLength(all, settled) === settled.length) return all;
    const seen = byteCount(await this.#base.decode(settled, this.#call));
    const rest = (await this.#joinedText(all)).subarray(seen);
    const text = new TextDecoder().decode(rest);
    return [...settled, ...(await this.#base.encode([{ text, control: false }], this.#call))];
  }

  /**
   * Prompt and draft together. The first time all of it is tokenised; if the text from some place near the prompt's end
   * on has the same tokens by itself, later only that is, so that a long prompt is not read again for each chunk.
   */
  async #encodeAll(): Promise<TokenId[]> {
    const call = this.#call;
    if (this.#seam) {
      const { start, text } = this.#seam;
      const rest = await this.#base.encode([{ text: text + this.#text, control: false }], call);
      return [...this.#promptTokens.slice(0, start), ...rest];
    }
    const tokens = await this.#base.encode([...this.#prompt, { text: this.#text, control: false }], call);
    if (this.#isSeamSought) return tokens;
    this.#isSeamSought = true;
    for (const seam of await seamCandidates(this.#base, this.#promptTokens, call)) {
      if (!(await isSeam(this.#base, seam, { tokens, after: this.#text }, call))) continue;
      this.#seam = seam;
      break;
    }
    return tokens;
  }

  async #joinedText(tokens: readonly TokenId[]): Promise<Uint8Array> {
    return new Uint8Array((await this.#base.decode(tokens, this.#call)).flatMap((piece) => [...piece]));
  }
}

/**
 * Length of the beginning of `text` whose tokens no further text can change: up to the blanks before the last word.
 * Trailing blanks are never settled, for the draft may end there.
 */
function settledLength(text: string): number {
  const end = text.trimEnd().length;
  const isBlank = (index: number) => /\s/u.test(text[index]!);
  let length = end;
  while (length > 0 && !isBlank(length - 1)) length--;
  while (length > 0 && isBlank(length - 1)) length--;
  return wholeCharacters(text, Math.max(length, end - LONGEST_UNSETTLED));
}

function wholeCharacters(text: string, length: number): number {
  const next = text.charCodeAt(length);
  return next >= 0xdc00 && next <= 0xdfff ? length - 1 : length;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** How many of the pieces lie wholly within the first `limit` bytes. */
function countWithin(pieces: readonly Uint8Array[], limit: number): number {
  let end = 0;
  const over = pieces.findIndex((piece) => (end += piece.length) > limit);
  return over < 0 ? pieces.length : over;
}
