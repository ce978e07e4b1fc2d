import { closestName } from '../../core/closest-name.ts';
import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';

const NAME = /^[\w-]{1,50}$/;
const TOLERANCE = 1e-9;

/** Shares by name, which are 1 together. */
export type Shares = Readonly<Record<string, number>>;

/**
 * What a person writes as `train=0.9,test=0.1`.
 *
 * @throws ConfigError as `assertShares`, and for another text
 */
export function parseShares(setting: string, text: string, known?: readonly string[]): Shares {
  const parts = text.split(',').map((part) => /^\s*([\w-]{1,50})\s*=\s*([\d.]+)\s*$/.exec(part));
  const shares = parts.map((part) => [part?.[1] ?? '', Number(part?.[2] ?? Number.NaN)] as const);
  if (new Set(shares.map(([name]) => name)).size < shares.length || shares.some(([name]) => name === '')) {
    throw new ConfigError(
      `bad-${setting}`,
      `${settingName(setting)} must be names with their shares, such as ${known ? 'harmless=0.5,helpful=0.5' : 'train=0.9,test=0.1'}, not ${JSON.stringify(text)}.`,
    );
  }
  const parsed = Object.fromEntries(shares);
  assertShares(setting, parsed, known);
  return parsed;
}

/** @throws ConfigError for a name that is not known, a share out of range, or shares that are not 1 together */
export function assertShares(setting: string, shares: Shares, known?: readonly string[]): void {
  for (const [name, share] of Object.entries(shares)) {
    if (known && !known.includes(name)) throw unknownName(setting, name, known);
    if (!NAME.test(name)) {
      const message = `${settingName(setting)} has no place for the name ${JSON.stringify(name)}: use letters, digits, _ and - only.`;
      throw new ConfigError(`bad-${setting}`, message);
    }
    if (share > 0 && share <= 1) continue;
    throw new ConfigError(
      `bad-${setting}`,
      `${settingName(setting)}: ${name} must have a share above 0 and at most 1, not ${share}.`,
    );
  }
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) <= TOLERANCE) return;
  throw new ConfigError(
    `bad-${setting}`,
    `${settingName(setting)} must be 1 together, not ${Number(sum.toPrecision(6))}.`,
  );
}

/** Whole numbers in proportion to shares that are `total` together; the largest remainders are rounded up. */
export function apportion(shares: Shares, total: number): Record<string, number> {
  const exact = Object.entries(shares).map(([name, share]) => ({
    name,
    count: Math.floor(share * total),
    rest: (share * total) % 1,
  }));
  let left = total - exact.reduce((sum, { count }) => sum + count, 0);
  for (const one of exact.toSorted((a, b) => b.rest - a.rest)) if (left-- > 0) one.count++;
  return Object.fromEntries(exact.map(({ name, count }) => [name, count]));
}

function unknownName(setting: string, name: string, known: readonly string[]): ConfigError {
  const meant = closestName(name, known);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  return new ConfigError(
    `bad-${setting}`,
    `${settingName(setting)} has no ${name}${hint}: name one of ${known.join(', ')}.`,
  );
}
