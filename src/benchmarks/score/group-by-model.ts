/** The rows of each model, models in the order in which they come. */
export function groupByModel<T extends { readonly model: string }>(rows: readonly T[]): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.model);
    if (group) group.push(row);
    else groups.set(row.model, [row]);
  }
  return [...groups];
}
