import type { TokenId } from './token-id.ts';

/** How many tokens two sequences have in common from their beginning. */
export function commonPrefixLength(left: readonly TokenId[], right: readonly TokenId[]): number {
  const limit = Math.min(left.length, right.length);
  let length = 0;
  while (length < limit && left[length] === right[length]) length++;
  return length;
}
