/** A pattern that matches any of the texts, the longest one first, and captures it; undefined for no texts. */
export function anyOfPattern(texts: readonly string[]): RegExp | undefined {
  const known = texts.filter((text) => text !== '');
  if (known.length === 0) return undefined;
  const sorted = known.sort((a, b) => b.length - a.length);
  return new RegExp(`(${sorted.map(escapePattern).join('|')})`, 'gu');
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}
