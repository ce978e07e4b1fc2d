interface Entry {
  readonly sequence: number;
}

/**
 * The batch indexes in the order in which llama.cpp computes them where each sequence has cells of its own: part by part,
 * each with equally many tokens of neighbouring sequences (`split_equal` of its `llama-batch.cpp`).
 *
 * @param partTokens most tokens of a part
 */
export function graphOrder(entries: readonly Entry[], partTokens: number): number[] {
  const order: number[] = [];
  let left = groupsBySequence(entries);
  while (left.length > 0) {
    const together = neighbours(left, partTokens);
    const shortest = Math.min(...together.map(({ indexes }) => indexes.length));
    const each = Math.min(shortest, Math.max(Math.floor(partTokens / together.length), 1));
    for (const { indexes } of together) order.push(...indexes.splice(0, each));
    left = left.filter(({ indexes }) => indexes.length > 0);
  }
  return order;
}

/**
 * Puts entries in the order of their sequences, so that neighbours are computed together; or, where each token is to be
 * computed alone, in the opposite one, which has no neighbours.
 */
export function arrange(entries: Entry[], partTokens: number | undefined): void {
  const direction = partTokens === 1 ? -1 : 1;
  entries.sort((a, b) => direction * (a.sequence - b.sequence));
}

interface Group {
  readonly sequence: number;
  readonly indexes: number[];
}

/** In the order of their first tokens. */
function groupsBySequence(entries: readonly Entry[]): Group[] {
  const groups = Map.groupBy(entries.keys(), (index) => entries[index]!.sequence);
  return [...groups].map(([sequence, indexes]) => ({ sequence, indexes: [...indexes] }));
}

/** The first one, and those that follow it with the next numbers; one more than a part has tokens, as llama.cpp counts. */
function neighbours(groups: readonly Group[], most: number): Group[] {
  const together: Group[] = [];
  for (const group of groups) {
    const last = together.at(-1);
    if (!last || (group.sequence === last.sequence + 1 && together.length <= most)) together.push(group);
  }
  return together;
}
