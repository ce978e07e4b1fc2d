import { z } from 'zod';

/** The greatest `int` of llama.cpp, and more than any setting needs. */
export const MOST_INT = 2 ** 31 - 1;

/** What may be said of a text: a part of a setting. */
export const TEXT = { schema: z.string().min(1), takes: 'a text that is not empty' } as const;

export const ANY_TEXT = { schema: z.string(), takes: 'a text' } as const;

export const POSITIVE_SHARE = { schema: z.number().gt(0).lte(1), takes: 'a number above 0 and at most 1' } as const;

export const ON_OFF = { schema: z.boolean(), takes: 'true or false', form: 'switch', value: '<state>' } as const;

/** The most is far away, so that only a number above it is told. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  return {
    schema: z.int().gte(least).lte(most),
    takes: `a whole number of at least ${least}`,
    most,
    form: 'number',
    value: '<n>',
  } as const;
}

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return {
    schema: z.enum(names),
    takes: names.map((name) => `"${name}"`).join(' or '),
    form: 'choice',
  } as const;
}

/** A text that may be found in another: one that is not empty, in whole characters. */
export const wholeText = z
  .string()
  .min(1)
  .refine((text) => text.isWellFormed(), 'it holds half a character, which no text does');
