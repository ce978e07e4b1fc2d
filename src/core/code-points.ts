/** Characters as Python and most clients count them: a pair of surrogates of UTF-16 is one. */
export function codePoints(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}
