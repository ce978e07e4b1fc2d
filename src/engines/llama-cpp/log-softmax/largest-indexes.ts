/**
 * The indexes of the `count` largest values, the largest first, the lowest index of equals; -Infinity is left out. One
 * pass: a value is looked at twice only where it is among the largest so far, which is rare after the first few.
 */
export function largestIndexes(values: Float32Array, count: number): number[] {
  const indexes: number[] = [];
  let least = -Infinity;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!(value > least)) continue;
    let place = indexes.length;
    while (place > 0 && values[indexes[place - 1]!]! < value) place--;
    indexes.splice(place, 0, index);
    if (indexes.length > count) indexes.pop();
    if (indexes.length === count) least = values[indexes.at(-1)!]!;
  }
  return indexes;
}
