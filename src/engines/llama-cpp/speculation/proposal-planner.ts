import type { TokenId } from '../../../core/token-id.ts';
import type { PassTimes } from './pass-times.ts';
import { type PassLoad, ProposalLength } from './proposal-length.ts';
import type { TokenProposer } from '../../../core/speculation/token-proposer.ts';

interface Candidate {
  readonly proposer: TokenProposer;
  readonly length: ProposalLength;
}

export interface ProposalRound {
  readonly most: number;
  /** Default: this text is alone in the forward pass. */
  readonly load?: PassLoad;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Chooses, before each forward pass of one text, whose proposals to verify and how many of them: the proposer from which
 * most tokens a millisecond are expected goes first, the next one where it has no guess.
 */
export class ProposalPlanner {
  #candidates: readonly Candidate[];
  /** Who proposed for the pass under way. */
  #asked: Candidate | undefined;

  constructor(passTimes: PassTimes, proposers: readonly TokenProposer[] = []) {
    this.#candidates = proposers.map((proposer) => ({
      proposer,
      length: new ProposalLength(passTimes, proposer),
    }));
  }

  /** At most `most` tokens that may follow; none where no proposal is expected to pay. */
  async propose(tokens: readonly TokenId[], { most, load, signal }: ProposalRound): Promise<readonly TokenId[]> {
    this.#asked = undefined;
    if (most < 1) return [];
    const plans = this.#candidates
      .map((candidate) => ({ candidate, ...candidate.length.next(load) }))
      .filter(({ length }) => length > 0)
      .sort((a, b) => b.rate - a.rate);
    for (const { candidate, length } of plans) {
      const proposed = await this.#ask(candidate, tokens, Math.min(length, most), signal);
      if (proposed.length > 0) return proposed;
    }
    return [];
  }

  /** How many of the tokens that were proposed last turned out right. */
  record(proposed: number, held: number): void {
    if (proposed > 0) this.#asked?.length.record(proposed, held);
  }

  /** A proposer that fails is left out from then on: the response goes on without it. */
  async #ask(
    candidate: Candidate,
    tokens: readonly TokenId[],
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly TokenId[]> {
    const start = performance.now();
    try {
      const proposed = (await candidate.proposer.propose(tokens, limit, signal)).slice(0, limit);
      candidate.length.recordCost(Math.max(proposed.length, 1), performance.now() - start);
      this.#asked = candidate;
      return proposed;
    } catch {
      signal?.throwIfAborted();
      this.#candidates = this.#candidates.filter((other) => other !== candidate);
      return [];
    }
  }
}
