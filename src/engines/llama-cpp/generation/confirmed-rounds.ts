import { commonPrefixLength } from '../../../core/common-prefix-length.ts';
import type { TokenId } from '../../../core/language-model.ts';
import type { PassTimes } from '../../../core/speculation/pass-times.ts';
import { ProposalPlanner } from '../../../core/speculation/proposal-planner.ts';
import { STATES_AT_A_TIME } from '../output-head/matrix-product.ts';
import type { OutputHead } from '../output-head/output-head.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { ExpectedTokens } from './expected-tokens.ts';
import { type Round, type Rounds, type RoundsOptions, untilEnd } from './round.ts';

/** Most tokens that are written one by one before they are confirmed: a reader waits for them. */
const MOST = 12;
/** Most of all, proposed ones included: as many states as are multiplied at once. */
const MOST_PROPOSED = 16;
/** A stop string may begin so many tokens before a round. */
const LOOK_BEHIND = 8;
/** So many at first, and after a wrong one: with fewer, whole passes are as fast. */
const FEW = 8;

export interface ConfirmedRoundsParts {
  readonly scheduler: Scheduler;
  readonly vocabulary: Vocabulary;
  readonly head: OutputHead;
  /** Of passes that give states. */
  readonly statePassTimes: PassTimes;
  /** Runs work of the head; rejects once the model is closed. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** A state of the last pass, while `onRow` runs. */
  readonly state: (batchIndex: number) => Float32Array;
}

interface Guesses {
  readonly tokens: TokenId[];
  /** What each was guessed from. */
  readonly states: Float32Array[];
}

/**
 * Greedy tokens by a part of the output matrix, several passes a round; then the whole matrix, for all of their states at
 * once, confirms them. The first one that is not the model's own is replaced and ends the round, so the text is the one that
 * whole passes write, but where two logits tie within rounding. Eight states are multiplied in less than half of the time
 * that they take one by one.
 */
export class ConfirmedRounds implements Rounds {
  readonly areShort = false;
  readonly #parts: ConfirmedRoundsParts;
  readonly #signal: AbortSignal | undefined;
  readonly #planner: ProposalPlanner;
  readonly #stops: (text: string) => boolean;
  readonly #expected: ExpectedTokens;
  readonly #begin: number;
  #size = FEW;

  constructor(parts: ConfirmedRoundsParts, { begin, expected, proposers, stop = [], signal }: RoundsOptions) {
    this.#parts = parts;
    this.#expected = expected;
    this.#begin = begin;
    this.#stops = (text) => stop.some((each) => text.includes(each));
    this.#signal = signal;
    this.#planner = new ProposalPlanner(parts.statePassTimes, proposers);
  }

  async next(tokens: readonly TokenId[], limit: number): Promise<Round> {
    const { head, vocabulary, turn } = this.#parts;
    const room = limit - tokens.length;
    const guesses: Guesses = { tokens: [], states: [] };
    let ended = false;
    while (!ended && guesses.tokens.length < room && !this.#isFull(guesses.tokens.length)) {
      ended = await this.#guess(tokens, guesses, Math.min(MOST_PROPOSED, room));
    }
    // The model may be closed once the turn is over.
    return await turn(async () => {
      const choices = await head.firstChoices(guesses.states);
      const right = commonPrefixLength(choices, guesses.tokens);
      this.#size = right === choices.length ? MOST : FEW;
      return untilEnd(vocabulary, choices.slice(0, right + 1));
    });
  }

  /** Further guesses are confirmed for nothing, as long as they fill up what is multiplied at a time. */
  #isFull(guesses: number): boolean {
    return guesses >= this.#size && (guesses <= STATES_AT_A_TIME || guesses % STATES_AT_A_TIME === 0);
  }

  /**
   * One pass: the next token, and as many proposed ones as hold, at most `most` of a round.
   *
   * @returns whether nobody will read past them
   */
  async #guess(tokens: readonly TokenId[], guesses: Guesses, most: number): Promise<boolean> {
    const { scheduler, head, vocabulary, turn, state } = this.#parts;
    const text = [...tokens, ...guesses.tokens];
    const proposed = await this.#propose(text, most - guesses.tokens.length - 1);
    const states: Float32Array[] = [];
    await scheduler.forward({
      tokens: [...text, ...proposed],
      rowsFrom: text.length - 1,
      guesses: proposed.length,
      gives: 'states',
      signal: this.#signal,
      onRow: (_, batchIndex) => void states.push(state(batchIndex).slice()),
    });
    return await turn(async () => {
      const likely = await head.likelyChoices(states);
      const held = likely.slice(0, commonPrefixLength(likely, proposed) + 1);
      this.#planner.record(proposed.length, held.length - 1);
      guesses.tokens.push(...held);
      guesses.states.push(...states.slice(0, held.length));
      return held.some((token) => vocabulary.endsGeneration(token)) || this.#hasStopped(tokens, guesses.tokens);
    });
  }

  #hasStopped(tokens: readonly TokenId[], guessed: readonly TokenId[]): boolean {
    const before = tokens.slice(Math.max(this.#begin, tokens.length - LOOK_BEHIND));
    return this.#stops(Buffer.concat(this.#parts.vocabulary.decode([...before, ...guessed])).toString());
  }

  async #propose(text: readonly TokenId[], most: number): Promise<readonly TokenId[]> {
    const known = this.#expected.take(text, this.#parts.scheduler, most);
    if (known.length > 0) return known;
    return await this.#planner.propose(text, { most, signal: this.#signal });
  }
}
