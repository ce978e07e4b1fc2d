/** The candidate with the fewest edits from `value`, or whose beginning has, if at most a third of it differs. */
export function closestName(value: string, candidates: readonly string[]): string | undefined {
  const limit = Math.floor(value.length / 3);
  const ranked = candidates.map((name) => ({ name, edits: edits(value.toLowerCase(), name.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.edits - b.edits)[0];
  return best && limit > 0 && best.edits <= limit ? best.name : undefined;
}

function edits(value: string, name: string): number {
  return Math.min(editDistance(value, name), editDistance(value, name.slice(0, value.length)));
}

/** Levenshtein distance. Values are cut at 100 letters: what is longer is no typo. */
function editDistance(a: string, b: string): number {
  const [from, to] = [a.slice(0, 100), b.slice(0, 100)];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const substitution = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}
