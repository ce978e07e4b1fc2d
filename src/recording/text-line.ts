/** One line of a file, as it lies there. */
export interface TextLine {
  /** 1-based, blank lines counted: what an editor shows. */
  readonly number: number;
  /** Without its end and a byte order mark before it; undefined where the line is longer than what is read. */
  readonly bytes: Uint8Array | undefined;
  /** Place in the file of the byte after the line and its end. */
  readonly endByte: number;
  /** False for a last line without a line end. */
  readonly isWhole: boolean;
}

const BLANKS = new Set([0x09, 0x0d, 0x20]);

export function isBlank({ bytes }: TextLine): boolean {
  return bytes?.every((byte) => BLANKS.has(byte)) ?? false;
}
