/** A number from 0 to 10, with at most three decimals, alone in the text; undefined for everything else. */
export function parseScore(text: string): number | undefined {
  return /^(?:10(?:\.0{1,3})?|\d(?:\.\d{1,3})?)$/.test(text.trim()) ? Number(text.trim()) : undefined;
}
