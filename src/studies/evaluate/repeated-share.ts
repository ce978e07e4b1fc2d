/** Words that make up one passage. */
const WORDS = 4;

/**
 * How much of a text is repetition: of its passages of four words, the share that was there before,
 * 1 − different passages / passages. Words are what lies between white space. NaN for fewer than four words.
 */
export function repeatedShare(text: string): number {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const passages = words.length - WORDS + 1;
  if (passages < 1) return Number.NaN;
  const different = new Set<string>();
  for (let start = 0; start < passages; start++) different.add(words.slice(start, start + WORDS).join(' '));
  return (passages - different.size) / passages;
}
