import type { FinishReason, GeneratedToken, GenerateOptions, TokenId } from '../../core/language-model.ts';
import type { PassTimes } from '../../core/speculation/pass-times.ts';
import { ProposalLength } from '../../core/speculation/proposal-length.ts';
import type { TokenProposer } from '../../core/speculation/token-proposer.ts';
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
 * Writes on after a prefix. With a proposer, several tokens are verified in one forward pass: a proposed token holds
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
  const { vocabulary, contextLength } = parts;
  const limit = Math.min(options.maxTokens, contextLength - prefix.length);
  const rounds = new VerificationRounds(parts, options);
  const tokens = [...prefix];
  for (let left = limit; left > 0;) {
    // All that needs the native vocabulary is read at once: the model may be closed between two yields.
    const round = (await rounds.next(tokens, left)).map((token) => describe(vocabulary, token));
    for (const { ends, ...generated } of round) {
      options.signal?.throwIfAborted();
      if (ends) return 'stop';
      tokens.push(generated.token);
      left--;
      yield generated;
    }
  }
  return 'length';
}

function describe(vocabulary: Vocabulary, token: TokenId): GeneratedToken & { readonly ends: boolean } {
  return { token, bytes: vocabulary.decode([token])[0]!, ends: vocabulary.endsGeneration(token) };
}

class VerificationRounds {
  readonly #parts: GenerationParts;
  readonly #signal: AbortSignal | undefined;
  readonly #length: ProposalLength;
  #proposer: TokenProposer | undefined;
  #isFirst = true;

  constructor(parts: GenerationParts, { proposer, signal }: GenerateOptions) {
    this.#parts = parts;
    this.#signal = signal;
    this.#proposer = proposer;
    this.#length = new ProposalLength(parts.passTimes);
  }

  /** At least one and at most `left` tokens that follow. */
  async next(tokens: readonly TokenId[], left: number): Promise<TokenId[]> {
    const proposed = await this.#propose(tokens, Math.min(left, this.#parts.batchRows) - 1);
    const drawn: TokenId[] = [];
    const { passTimes, scheduler, sampler } = this.#parts;
    const start = performance.now();
    await scheduler.forward({
      tokens: [...tokens, ...proposed],
      rowsFrom: tokens.length - 1,
      signal: this.#signal,
      onRow(_, batchIndex) {
        const hold = drawn.every((token, i) => token === proposed[i]);
        if (hold) drawn.push(sampler.sample(batchIndex));
      },
    });
    // The first pass reads the prompt as well, or nothing at all.
    if (!this.#isFirst) passTimes.record(proposed.length + 1, performance.now() - start);
    this.#isFirst = false;
    if (proposed.length > 0) this.#length.record(proposed.length, drawn.length - 1);
    return drawn;
  }

  /** A proposer that fails is left out from then on: the response goes on without it. */
  async #propose(tokens: readonly TokenId[], most: number): Promise<readonly TokenId[]> {
    if (!this.#proposer || most < 1 || this.#parts.scheduler.sharedPass) return [];
    const length = Math.min(this.#length.next(), most);
    if (length === 0) return [];
    try {
      return (await this.#proposer.propose(tokens, length)).slice(0, length);
    } catch {
      this.#signal?.throwIfAborted();
      this.#proposer = undefined;
      return [];
    }
  }
}
