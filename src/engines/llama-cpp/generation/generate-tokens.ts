import type { FinishReason, GeneratedToken, GenerateOptions, TokenId } from '../../core/language-model.ts';
import type { PassTimes } from '../../core/speculation/pass-times.ts';
import { ProposalPlanner } from '../../core/speculation/proposal-planner.ts';
import type { Sampler } from './sampler.ts';
import type { Scheduler } from './scheduler.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface GenerationParts {
  readonly scheduler: Scheduler;
  readonly vocabulary: Vocabulary;
  readonly sampler: Sampler;
  readonly passTimes: PassTimes;
  /** Most tokens that prefix and generated text may have together. */
  readonly contextLength: number;
  /** Most rows of logits of one pass. */
  readonly batchRows: number;
}

/**
 * Writes on after a prefix. With proposers, several tokens are verified in one forward pass: a proposed token holds
 * where it is the one that the sampler draws from the model's own row. Proposals are single tokens with certainty, so
 * this is the acceptance rule of speculative sampling (arXiv 2211.17192): accepting x with probability p(x), and else
 * drawing from p without x, is drawing from p. Each kept token takes one draw, so a seed gives the same text as without
 * proposals; only where two logits tie within rounding can another batch shape choose the other one.
 */
export async function* generateTokens(
  parts: GenerationParts,
  prefix: readonly TokenId[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, FinishReason, void> {
  const left = new AbortController();
  const signal = AbortSignal.any([left.signal, ...(options.signal ? [options.signal] : [])]);
  const rounds = new VerificationRounds(parts, { ...options, signal });
  const limit = prefix.length + Math.min(options.maxTokens, parts.contextLength - prefix.length);
  const tokens = [...prefix];
  try {
    let upcoming = tokens.length < limit ? rounds.next(tokens, limit) : undefined;
    while (upcoming) {
      const { kept, ended } = await upcoming;
      tokens.push(...kept.map(({ token }) => token));
      const goesOn = !ended && tokens.length < limit;
      // The next forward pass runs while the reader takes these tokens.
      upcoming = goesOn ? rounds.next(tokens, limit) : undefined;
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

interface Round {
  readonly kept: readonly GeneratedToken[];
  /** Whether the model ended the text after them. */
  readonly ended: boolean;
}

function untilEnd(vocabulary: Vocabulary, drawn: readonly TokenId[]): Round {
  const end = drawn.findIndex((token) => vocabulary.endsGeneration(token));
  const ended = end >= 0;
  const kept = ended ? drawn.slice(0, end) : drawn;
  const bytes = vocabulary.decode(kept);
  return { ended, kept: kept.map((token, i): GeneratedToken => ({ token, bytes: bytes[i]! })) };
}

class VerificationRounds {
  readonly #parts: GenerationParts;
  readonly #signal: AbortSignal | undefined;
  readonly #planner: ProposalPlanner;
  #expected: readonly TokenId[] | undefined;

  constructor(parts: GenerationParts, { proposers, expected, signal }: GenerateOptions) {
    this.#parts = parts;
    this.#signal = signal;
    this.#planner = new ProposalPlanner(parts.passTimes, proposers);
    this.#expected = expected;
  }

  /** At least one token that follows, and at most as many as `limit` leaves room for. */
  async next(tokens: readonly TokenId[], limit: number): Promise<Round> {
    const proposed = await this.#propose(tokens, limit);
    const drawn: TokenId[] = [];
    const { scheduler, sampler, vocabulary } = this.#parts;
    await scheduler.forward({
      tokens: [...tokens, ...proposed],
      rowsFrom: tokens.length - 1,
      guesses: proposed.length,
      signal: this.#signal,
      onRow(_, batchIndex) {
        const hold = drawn.every((token, i) => token === proposed[i]);
        if (hold) drawn.push(sampler.sample(batchIndex));
      },
    });
    this.#planner.record(proposed.length, drawn.length - 1);
    // Not once a reader asks for them: by then the model, and its native vocabulary, may be closed.
    return untilEnd(vocabulary, drawn);
  }

  async #propose(tokens: readonly TokenId[], limit: number): Promise<readonly TokenId[]> {
    const { scheduler, batchRows } = this.#parts;
    const room = limit - tokens.length;
    const known = this.#takeExpected(tokens).slice(0, Math.max(Math.min(room, batchRows) - 1, 0));
    if (known.length > 0) return known;
    const load = scheduler.lastLoad;
    const most = Math.min(room - 1, Math.floor((batchRows - load.tokens) / load.writers));
    return await this.#planner.propose(tokens, { most, load, signal: this.#signal });
  }

  /** What was expected, as far as its rows are still there: verifying those costs nothing. */
  #takeExpected(tokens: readonly TokenId[]): readonly TokenId[] {
    const expected = this.#expected ?? [];
    this.#expected = undefined;
    if (expected.length === 0) return [];
    const rows = this.#parts.scheduler.rowsAtHand([...tokens, ...expected], tokens.length - 1);
    return expected.slice(0, Math.max(rows - 1, 0));
  }
}
