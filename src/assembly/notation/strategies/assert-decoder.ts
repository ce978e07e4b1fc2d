import { ConfigError } from '../../../core/errors.ts';
import { ABILITIES } from '../../../core/kit/assert-able.ts';
import { SAMPLING_CHOICES } from '../../../core/kit/assert-sampling.ts';
import type { Decoder } from '../../../core/kit/decoder.ts';
import { DECODER_ROLES } from '../../../core/kit/decoder-models.ts';
import { STRATEGY_NAMES } from './strategy-kinds.ts';

type Rule = readonly [holds: (value: unknown) => boolean, words: string];

const isFunction = (value: unknown) => typeof value === 'function';
const isOptionalFunction = (value: unknown) => value === undefined || isFunction(value);

function listOf(words: readonly string[], least: number): Rule {
  return [
    (value) =>
      (value === undefined && least === 0) ||
      (Array.isArray(value) && value.length >= least && value.every((word) => words.includes(word as string))),
    `must be a list of ${words.join(', ')}${least === 0 ? ', or be left out' : ''}`,
  ];
}

const RULES: Readonly<Record<keyof Decoder, Rule>> = {
  name: [
    (name) => typeof name === 'string' && /^[a-z][a-z0-9-]{0,63}$/.test(name) && !isTaken(name),
    `must be small letters, digits and hyphens, and none of ${STRATEGY_NAMES.join(', ')}`,
  ],
  needs: listOf(DECODER_ROLES, 1),
  abilities: listOf(ABILITIES, 0),
  sampling: listOf(SAMPLING_CHOICES, 0),
  defaultTemperature: [
    (value) => value === undefined || (typeof value === 'number' && value > 0 && value < Infinity),
    'must be a number above 0, or be left out',
  ],
  textsAtOnce: [
    (value) => value === undefined || (Number.isSafeInteger(value) && (value as number) >= 1),
    'must be a whole number of at least 1, or be left out',
  ],
  prepare: [isOptionalFunction, 'must be a function, or be left out'],
  write: [isFunction, 'must be a function'],
};

function isTaken(name: string): boolean {
  return STRATEGY_NAMES.some((known) => known === name);
}

/**
 * A user's own decoder has the right shape. What it does is its own affair.
 *
 * @throws ConfigError that names what is wrong
 */
export function assertDecoder(value: unknown, source: string): asserts value is Decoder {
  const fault = faultOf(value);
  if (fault === undefined) return;
  throw new ConfigError(
    'bad-strategy',
    `${source} is no Decoder: ${fault}. It is an object such as {name: "mine", needs: ["base"], async *write(response) { return yield* response.write(); }}.`,
  );
}

function faultOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null)
    return `it is ${value === null || value === undefined ? String(value) : `a ${typeof value}`}`;
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(RULES, key));
  if (unknown !== undefined) return `there is no ${unknown} (it has ${Object.keys(RULES).join(', ')})`;
  const given = value as Readonly<Record<string, unknown>>;
  for (const [key, [holds, words]] of Object.entries(RULES)) if (!holds(given[key])) return `its ${key} ${words}`;
  const needs = given['needs'] as readonly string[];
  return needs.includes('base') || needs.includes('draft') ? undefined : 'its needs must have base or draft';
}
