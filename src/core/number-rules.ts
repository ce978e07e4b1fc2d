/** What a number that a user gives may be. */
export interface NumberRule {
  readonly words: string;
  readonly holds: (value: number) => boolean;
}

export const COUNT: NumberRule = {
  words: 'a whole number of at least 1',
  holds: (value) => Number.isSafeInteger(value) && value >= 1,
};

export const COUNT_OR_NONE: NumberRule = {
  words: 'a whole number of at least 0',
  holds: (value) => Number.isSafeInteger(value) && value >= 0,
};

export const SHARE: NumberRule = { words: 'from 0 to 1', holds: (value) => value >= 0 && value <= 1 };

export const POSITIVE_SHARE: NumberRule = {
  words: 'above 0 and at most 1',
  holds: (value) => value > 0 && value <= 1,
};

export const POSITIVE: NumberRule = { words: 'a number above 0', holds: (value) => value > 0 && value < Infinity };

export const NOT_NEGATIVE: NumberRule = {
  words: 'a number of at least 0',
  holds: (value) => value >= 0 && value < Infinity,
};

export const FINITE: NumberRule = { words: 'a number', holds: Number.isFinite };
