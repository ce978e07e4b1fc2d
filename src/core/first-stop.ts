/**
 * Where the stop string begins that is complete first, the longest of those: the same however tokens split the text.
 *
 * @param known so much of the text's beginning holds no whole stop string
 */
export function firstStop(text: string, stops: readonly string[], known = 0): number | undefined {
  const found = stops
    .filter((stop) => stop !== '')
    .map((stop) => ({ start: text.indexOf(stop, Math.max(0, known - stop.length + 1)), length: stop.length }))
    .filter(({ start }) => start >= 0);
  const [first] = found.sort((a, b) => a.start + a.length - (b.start + b.length) || a.start - b.start);
  return first?.start;
}
