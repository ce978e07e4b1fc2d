import { inspect } from 'node:util';
import { anyOfPattern } from '../../core/any-of-pattern.ts';

/** A text without the key, should a server have repeated it: as it is, in JSON, or in an address. */
export function withoutKey(key: string | undefined, text: string): string {
  if (key === undefined) return text;
  const spellings = [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key)];
  // Names of hosts come in lower case.
  return text.replaceAll(new RegExp(anyOfPattern(spellings)!.source, 'giu'), '…');
}

/** A cause, which --debug prints: one that holds the key anywhere is replaced by its message alone. */
export function causeWithoutKey(key: string | undefined, cause: unknown): unknown {
  const shown = inspect(cause, { depth: 8, maxStringLength: Infinity });
  if (withoutKey(key, shown) === shown) return cause;
  return new Error(withoutKey(key, cause instanceof Error ? cause.message : String(cause)));
}
