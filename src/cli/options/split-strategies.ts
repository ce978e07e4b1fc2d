/** A list of strategies as a person writes it: commas within brackets belong to a strategy, others are between two. */
export function splitStrategies(text: string): string[] {
  return text
    .split(/,(?![^()]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
