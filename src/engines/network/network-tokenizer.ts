import type { CallOptions, TokenId } from '../../core/language-model.ts';
import type { PromptText } from '../../core/prompt-format.ts';

/** The tokenizer of a model that is elsewhere: the server's own, or the model's `tokenizer.json`. */
export interface NetworkTokenizer {
  readonly vocabularySize?: number;
  readonly bosText?: string;
  /** True: it puts `bosText` before a text of its own accord. */
  readonly addsBos: boolean;
  readonly eosText?: string;
  /** All control tokens' texts, or only those that the server tells. */
  readonly controlTexts: readonly string[];
  /** The Jinja chat template that came with it. */
  readonly chatTemplate?: string;
  /** The bytes of one token, where they are known of all. */
  readonly bytesOf?: (token: TokenId) => Uint8Array;
  encode(text: PromptText, options?: CallOptions): Promise<TokenId[]>;
  decode(tokens: readonly TokenId[], options?: CallOptions): Promise<Uint8Array[]>;
}
