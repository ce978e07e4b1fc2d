import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { shown } from './shown.ts';

/** What may be said of an option, in the words of the command line. */
export type OptionRule = readonly [flag: string, expected: string, schema: z.ZodType, most?: number];

/** The greatest `int` of llama.cpp, and more than any option needs. */
export const MOST_INT = 2 ** 31 - 1;

/** The most is far away, so that only a number above it is told. */
export function wholeNumber(flag: string, least: number, most = Number.MAX_SAFE_INTEGER): OptionRule {
  return [flag, `a whole number of at least ${least}`, z.int().gte(least).lte(most), most];
}

/** @throws ConfigError that names the option, its value, and what it takes */
export function checkValue([flag, expected, schema, most = Infinity]: OptionRule, value: unknown): void {
  if (schema.safeParse(value).success) return;
  const broken = typeof value === 'number' && value > most ? `a whole number of at most ${most}` : expected;
  throw new ConfigError(`bad-${flag.replace(/^--/, '')}`, `${flag} must be ${broken}, not ${shown(value)}.`);
}
