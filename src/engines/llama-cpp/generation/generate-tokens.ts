import type { FinishReason, GeneratedToken, GenerateOptions, TokenId } from '../../../core/language-model.ts';
import { ExpectedTokens } from './expected-tokens.ts';
import type { Round, Rounds, RoundsOptions } from './round.ts';
import { VerifiedRounds, type VerifiedRoundsParts } from './verified-rounds.ts';

export interface GenerationParts extends VerifiedRoundsParts {
  /** Most tokens that prefix and generated text may have together. */
  readonly contextLength: number;
  /** A way to write that is faster than a pass a round, where there is one. */
  readonly fasterRounds?: (parts: VerifiedRoundsParts, options: RoundsOptions) => Rounds | undefined;
}

/** Writes on after a prefix, a round at a time; one ahead of the reader where a round is one pass. */
export async function* generateTokens(
  parts: GenerationParts,
  prefix: readonly TokenId[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, FinishReason, void> {
  const left = new AbortController();
  const signal = AbortSignal.any([left.signal, ...(options.signal ? [options.signal] : [])]);
  const expected = new ExpectedTokens(options.expected);
  const roundsOptions = { ...options, begin: prefix.length, expected, signal };
  const rounds = parts.fasterRounds?.(parts, roundsOptions) ?? new VerifiedRounds(parts, roundsOptions);
  const limit = prefix.length + Math.min(options.maxTokens, parts.contextLength - prefix.length);
  const tokens = [...prefix];
  try {
    let upcoming: Promise<Round> | undefined;
    while (tokens.length < limit) {
      const { kept, ended } = await (upcoming ?? rounds.next(tokens, limit));
      tokens.push(...kept.map(({ token }) => token));
      const goesOn = !ended && tokens.length < limit;
      // A next round of one pass runs while the reader takes these tokens.
      upcoming = goesOn && rounds.areShort ? rounds.next(tokens, limit) : undefined;
      upcoming?.catch(() => undefined);
      for (const generated of kept) {
        options.signal?.throwIfAborted();
        yield generated;
      }
      if (ended) return 'stop';
    }
    return 'length';
  } finally {
    left.abort(new DOMException('The reader left.', 'AbortError'));
  }
}
