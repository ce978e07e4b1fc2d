/** For each line that has a number in both columns: what `combine` makes of them. */
export function compareColumns(
  one: Float64Array,
  other: Float64Array,
  combine: (a: number, b: number) => number,
): number[] {
  const results: number[] = [];
  for (const [line, value] of one.entries()) {
    if (!Number.isNaN(value) && !Number.isNaN(other[line]!)) results.push(combine(value, other[line]!));
  }
  return results;
}

/** The numbers of a column, without what is missing. */
export function valuesOf(column: Float64Array): number[] {
  return [...column.filter((value) => !Number.isNaN(value))];
}
