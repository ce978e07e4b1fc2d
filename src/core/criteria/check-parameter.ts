import { ConfigError } from '../errors.ts';

/** What a criterion's parameter may be. */
interface Rule {
  readonly words: string;
  readonly holds: (value: number) => boolean;
}

export const COUNT: Rule = {
  words: 'a whole number of at least 1',
  holds: (value) => Number.isSafeInteger(value) && value >= 1,
};

export const SHARE: Rule = { words: 'above 0 and at most 1', holds: (value) => value > 0 && value <= 1 };

export const POSITIVE: Rule = { words: 'a number above 0', holds: (value) => value > 0 && value < Infinity };

export const NOT_NEGATIVE: Rule = { words: 'a number of at least 0', holds: (value) => value >= 0 && value < Infinity };

/** @throws ConfigError that names the criterion, the parameter, its value, and what it takes */
export function checkParameter(criterion: string, parameter: string, value: number, { words, holds }: Rule): void {
  if (holds(value)) return;
  throw new ConfigError('bad-criterion', `The ${parameter} of ${criterion} must be ${words}, not ${value}.`);
}
