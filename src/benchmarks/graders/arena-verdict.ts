/** How a judge of Arena-Hard places answer A against answer B; `>>` is much better. */
export const ARENA_VERDICTS = ['A>>B', 'A>B', 'A=B', 'B>A', 'B>>A'] as const;
export type ArenaVerdict = (typeof ARENA_VERDICTS)[number];

/**
 * The verdict in the judge's words: `[[A>B]]` and the like, as often as the judge likes but always the same. Undefined
 * where there is none, two, or another label.
 */
export function parseArenaVerdict(judgment: string): ArenaVerdict | undefined {
  const labels = new Set(Array.from(judgment.matchAll(/\[\[([AB<>=]+)\]\]/g), ([, label]) => label!));
  const [label] = labels;
  return labels.size === 1 ? toArenaVerdict(label) : undefined;
}

export function toArenaVerdict(label: unknown): ArenaVerdict | undefined {
  return ARENA_VERDICTS.find((verdict) => verdict === label);
}
