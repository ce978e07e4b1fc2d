import type { TokenId } from '../language-model.ts';

/**
 * A token that a decoder adds is one: an engine would fail on another id only later, and say less.
 *
 * @param vocabularySize of the base, where its engine tells
 * @throws TypeError, RangeError that name the fault
 */
export function assertToken(
  { token, bytes }: { readonly token?: TokenId | undefined; readonly bytes: unknown },
  vocabularySize = Infinity,
): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('the bytes of a token must be a Uint8Array');
  if (token === undefined || (Number.isSafeInteger(token) && token >= 0 && token < vocabularySize)) return;
  throw new RangeError(`a token must be a whole number from 0 to ${vocabularySize - 1}, not ${String(token)}`);
}
