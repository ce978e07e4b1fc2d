/**
 * Turns bytes that arrive in pieces into text that never ends in half a character. Bytes that are no UTF-8 become
 * U+FFFD; a character left unfinished at the end is dropped.
 */
export class Utf8Stream {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** The characters that these bytes complete. */
  push(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes, { stream: true });
  }
}
