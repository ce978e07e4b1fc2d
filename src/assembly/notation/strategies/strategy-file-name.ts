import { resolveStrategy, type StrategyChoice } from './resolve-strategy.ts';

/**
 * A strategy as the name of a file, without an ending: `best-of-n(n=4)` is `best-of-n_n=4`. However it is written, a
 * strategy with the same numbers has the same name.
 *
 * @throws ConfigError for a text that is no strategy
 */
export function strategyFileName(choice: StrategyChoice): string {
  const { name, kind, numbers } = resolveStrategy(choice);
  const given = Object.keys(kind.numbers).filter((number) => numbers[number] !== undefined);
  return [name, ...given.map((number) => `${number}=${numbers[number]!}`)].join('_');
}
