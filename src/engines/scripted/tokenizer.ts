/** Splits text into tokens. Their bytes concatenate to the text's UTF-8. */
export interface Tokenizer {
  /** Bytes of each token; its index is its id. The first 256 are the single bytes, so that every text has tokens. */
  readonly pieces: readonly Uint8Array[];
  encode(text: string): number[];
}

/** A token's text, or its bytes where it is a part of a character. */
export type Piece = string | Uint8Array;
