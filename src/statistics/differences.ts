/** What is left of a pair of lists: how much the second has more, line by line. @throws RangeError where the lists differ in length */
export function differencesOf(first: readonly number[], second: readonly number[]): number[] {
  if (first.length !== second.length)
    throw new RangeError(`Pairs need two lists of one length, not ${first.length} and ${second.length} values.`);
  return second.map((value, index) => value - first[index]!);
}
