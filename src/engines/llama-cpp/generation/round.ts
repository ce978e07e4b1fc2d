import type { GeneratedToken, GenerateOptions, TokenId } from '../../../core/language-model.ts';
import type { ExpectedTokens } from './expected-tokens.ts';
import type { Vocabulary } from '../vocabulary.ts';

/** What one step of generation gives. */
export interface Round {
  readonly kept: readonly GeneratedToken[];
  /** Whether the model ended the text after them. */
  readonly ended: boolean;
}

export interface RoundsOptions extends Pick<GenerateOptions, 'proposers' | 'stop' | 'signal'> {
  /** Where the text that is generated begins. */
  readonly begin: number;
  readonly expected: ExpectedTokens;
}

/** A way to write on, a round at a time. */
export interface Rounds {
  /** Whether a round is one pass, which may begin before the reader asks for it. */
  readonly areShort: boolean;
  /** At least one token that follows, and at most as many as `limit`, a length of the text, leaves room for. */
  next(tokens: readonly TokenId[], limit: number): Promise<Round>;
}

/** To be called in a round: by the time that a reader asks for the tokens, the model may be closed. */
export function untilEnd(vocabulary: Vocabulary, drawn: readonly TokenId[]): Round {
  const end = drawn.findIndex((token) => vocabulary.endsGeneration(token));
  const ended = end >= 0;
  const kept = ended ? drawn.slice(0, end) : drawn;
  const bytes = vocabulary.decode(kept);
  return { ended, kept: kept.map((token, i): GeneratedToken => ({ token, bytes: bytes[i]! })) };
}
