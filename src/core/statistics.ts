/** What an engine may tell of a token besides its logprob. */
export type Statistic = 'rank' | 'entropy' | 'firstChoice';

/** True: all of them; false: none. */
export type Statistics = boolean | readonly Statistic[];

const ALL: readonly Statistic[] = ['rank', 'entropy', 'firstChoice'];

export function listStatistics(statistics: Statistics): readonly Statistic[] {
  if (typeof statistics === 'boolean') return statistics ? ALL : [];
  return statistics;
}

/** What is needed and not there. */
export function missingStatistics(needed: Statistics, given: Statistics): Statistic[] {
  return listStatistics(needed).filter((statistic) => !listStatistics(given).includes(statistic));
}
