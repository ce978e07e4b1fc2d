/** Characters as clients count them, by code points: what UTF-16 writes as two units is one. */
export function codePoints(text: string): number {
  return Array.from(text).length;
}
