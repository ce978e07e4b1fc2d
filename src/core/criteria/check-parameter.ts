import { ConfigError } from '../errors.ts';
import type { NumberRule } from '../number-rules.ts';

/** @throws ConfigError that names the criterion, the parameter, its value, and what it takes */
export function checkParameter(
  criterion: string,
  parameter: string,
  value: number,
  { words, holds }: NumberRule,
): void {
  if (holds(value)) return;
  throw new ConfigError('bad-criterion', `The ${parameter} of ${criterion} must be ${words}, not ${value}.`);
}
