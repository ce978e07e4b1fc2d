import { ConfigError } from '../core/errors.ts';

/** What a strategy's number may be. */
export interface Rule {
  readonly words: string;
  readonly holds: (value: number) => boolean;
}

export const COUNT: Rule = {
  words: 'a whole number of at least 1',
  holds: (value) => Number.isSafeInteger(value) && value >= 1,
};

export const COUNT_OR_NONE: Rule = {
  words: 'a whole number of at least 0',
  holds: (value) => Number.isSafeInteger(value) && value >= 0,
};

export const SHARE: Rule = { words: 'from 0 to 1', holds: (value) => value >= 0 && value <= 1 };

export const POSITIVE: Rule = { words: 'a number above 0', holds: (value) => value > 0 && value < Infinity };

export const NOT_NEGATIVE: Rule = { words: 'a number of at least 0', holds: (value) => value >= 0 && value < Infinity };

export const FINITE: Rule = { words: 'a number', holds: Number.isFinite };

/** What each number of a strategy may be, in the order in which they are given. */
export type NumberRules = Readonly<Record<string, Rule>>;

/**
 * Values that are not given are fine: they have their defaults.
 *
 * @throws ConfigError that names the strategy, the number, its value, and what it takes
 */
export function checkNumbers(strategy: string, rules: NumberRules, values: object): void {
  for (const [name, { words, holds }] of Object.entries(rules)) {
    const value = (values as Readonly<Record<string, number | undefined>>)[name];
    if (value === undefined || holds(value)) continue;
    throw new ConfigError('bad-strategy', `The ${name} of ${strategy} must be ${words}, not ${value}.`);
  }
}
