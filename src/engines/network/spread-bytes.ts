import type { GeneratedToken, TokenId } from '../../core/language-model.ts';

const NO_BYTES = new Uint8Array();

/**
 * Tokens that a server sent at once, with the text that they complete. Which token has which of its bytes is not told:
 * the last one gets all of them, so that what is shown is whole, and in time.
 */
export function* spreadBytes(
  tokens: readonly TokenId[],
  text: string,
  logprobs?: readonly (number | null)[] | null,
): Generator<GeneratedToken, void, void> {
  const bytes = Buffer.from(text, 'utf8');
  for (const [i, token] of tokens.entries()) {
    const logprob = logprobs?.[i];
    yield {
      token,
      bytes: i === tokens.length - 1 ? bytes : NO_BYTES,
      ...(logprob != null && { logprob: Math.min(logprob, 0) }),
    };
  }
}
