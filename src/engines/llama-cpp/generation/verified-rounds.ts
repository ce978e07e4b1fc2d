import type { TokenId } from '../../../core/language-model.ts';
import type { PassTimes } from '../speculation/pass-times.ts';
import { ProposalPlanner } from '../speculation/proposal-planner.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { ExpectedTokens } from './expected-tokens.ts';
import { type Round, type Rounds, type RoundsOptions, untilEnd } from './round.ts';
import type { Sampler } from './sampler.ts';

export interface VerifiedRoundsParts {
  readonly scheduler: Scheduler;
  readonly vocabulary: Vocabulary;
  readonly sampler: Sampler;
  readonly passTimes: PassTimes;
  /** Most rows of logits of one pass. */
  readonly batchRows: number;
  /** See `ForwardRequest`. */
  readonly couldGuess?: boolean;
}

/**
 * One forward pass a round: the next token, and as many proposed ones as hold. A proposed token holds where it is the one
 * that the sampler draws from the model's own row. Proposals are single tokens with certainty, so this is the acceptance
 * rule of speculative sampling (arXiv 2211.17192): accepting x with probability p(x), and else drawing from p without x, is
 * drawing from p. Each kept token takes one draw, so a seed gives the same text as without proposals; only where two logits
 * tie within rounding can another batch shape choose the other one.
 */
export class VerifiedRounds implements Rounds {
  readonly areShort = true;
  readonly #parts: VerifiedRoundsParts;
  readonly #signal: AbortSignal | undefined;
  readonly #planner: ProposalPlanner;
  readonly #expected: ExpectedTokens;

  constructor(parts: VerifiedRoundsParts, { expected, proposers, signal }: RoundsOptions) {
    this.#parts = parts;
    this.#expected = expected;
    this.#signal = signal;
    this.#planner = new ProposalPlanner(parts.passTimes, proposers);
  }

  async next(tokens: readonly TokenId[], limit: number): Promise<Round> {
    const proposed = await this.#propose(tokens, limit);
    const drawn: TokenId[] = [];
    const { scheduler, sampler, vocabulary, couldGuess } = this.#parts;
    await scheduler.forward({
      tokens: [...tokens, ...proposed],
      rowsFrom: tokens.length - 1,
      guesses: proposed.length,
      ...(couldGuess && { couldGuess }),
      signal: this.#signal,
      onRow(_, batchIndex) {
        const hold = drawn.every((token, i) => token === proposed[i]);
        if (hold) drawn.push(sampler.sample(batchIndex));
      },
    });
    this.#planner.record(proposed.length, drawn.length - 1);
    return untilEnd(vocabulary, drawn);
  }

  async #propose(tokens: readonly TokenId[], limit: number): Promise<readonly TokenId[]> {
    const { scheduler, batchRows } = this.#parts;
    const room = limit - tokens.length;
    const known = this.#expected.take(tokens, scheduler, Math.min(room, batchRows) - 1);
    if (known.length > 0) return known;
    const load = scheduler.lastLoad;
    const most = Math.min(room - 1, Math.floor((batchRows - load.tokens) / load.writers));
    return await this.#planner.propose(tokens, { most, load, signal: this.#signal });
  }
}
