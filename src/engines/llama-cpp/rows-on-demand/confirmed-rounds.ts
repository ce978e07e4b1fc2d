import { commonPrefixLength } from '../../../core/common-prefix-length.ts';
import type { TokenId } from '../../../core/language-model.ts';
import type { PassTimes } from '../speculation/pass-times.ts';
import { ProposalPlanner } from '../speculation/proposal-planner.ts';
import type { OutputHead } from './output-head.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { ConfirmationDesk } from './confirmation-desk.ts';
import type { ExpectedTokens } from '../generation/expected-tokens.ts';
import { type Round, type Rounds, type RoundsOptions, untilEnd } from '../generation/round.ts';

/** Most tokens that are written one by one before they are confirmed: a reader waits for them. */
const MOST = 12;
/** Most of all, proposed ones included. */
const MOST_PROPOSED = 16;
/** A stop string may begin so many tokens before a round. */
const LOOK_BEHIND = 16;
/** So many at first, and after a wrong one: with fewer, whole passes are as fast. */
const FEW = 8;

export interface ConfirmedRoundsParts {
  readonly scheduler: Scheduler;
  readonly vocabulary: Vocabulary;
  readonly head: OutputHead;
  /** Of passes that give states. */
  readonly statePassTimes: PassTimes;
  readonly desk: ConfirmationDesk;
  /** Most tokens of a pass that gives each of them its state. */
  readonly batchRows: number;
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
  /** How much of the text can be guessed again. */
  #seen = 0;

  constructor(parts: ConfirmedRoundsParts, { begin, expected, proposers, stop = [], signal }: RoundsOptions) {
    this.#parts = parts;
    this.#expected = expected;
    this.#begin = begin;
    this.#stops = (text) => stop.some((each) => text.includes(each));
    this.#signal = signal;
    this.#planner = new ProposalPlanner(parts.statePassTimes, proposers);
  }

  async next(tokens: readonly TokenId[], limit: number): Promise<Round> {
    const guesses: Guesses = { tokens: [], states: [] };
    for (;;) {
      const round = await this.#guess(tokens, guesses, limit - tokens.length);
      if (round) return round;
    }
  }

  /** One pass: the next token, and as many proposed ones as hold; and the round, once its guesses were confirmed. */
  async #guess(tokens: readonly TokenId[], guesses: Guesses, room: number): Promise<Round | undefined> {
    const { scheduler, desk, state } = this.#parts;
    const text = [...tokens, ...guesses.tokens];
    const proposed = await this.#propose(text, Math.min(MOST_PROPOSED, room) - guesses.tokens.length - 1);
    const seen = tokens.slice(this.#seen);
    this.#seen = tokens.length;
    const states: Float32Array[] = [];
    await scheduler.forward({
      tokens: [...text, ...proposed],
      rowsFrom: text.length - 1,
      guesses: proposed.length,
      gives: 'states',
      signal: this.#signal,
      onRow: (_, batchIndex) => void states.push(state(batchIndex).slice()),
    });
    return await desk.visit({
      seen,
      states,
      hold: (likely) => {
        const held = likely.slice(0, commonPrefixLength(likely, proposed) + 1);
        this.#planner.record(proposed.length, held.length - 1);
        guesses.tokens.push(...held);
        guesses.states.push(...states.slice(0, held.length));
        const isFull =
          guesses.tokens.length >= room || this.#isEnough(guesses) || this.#isPastEnd(tokens, guesses, held);
        return { states: guesses.states, isFull };
      },
      confirm: (choices) => this.#confirm(guesses, choices),
    });
  }

  #confirm(guesses: Guesses, choices: readonly TokenId[]): Round {
    const right = commonPrefixLength(choices, guesses.tokens);
    this.#size = right === choices.length ? MOST : FEW;
    return untilEnd(this.#parts.vocabulary, choices.slice(0, right + 1));
  }

  /** Further guesses are confirmed for nothing, as long as they fill up what is multiplied at a time. */
  #isEnough({ tokens: { length } }: Guesses): boolean {
    return length >= this.#size && length % this.#parts.head.step === 0;
  }

  /** Whether nobody will read on after them. */
  #isPastEnd(tokens: readonly TokenId[], guesses: Guesses, held: readonly TokenId[]): boolean {
    const { vocabulary } = this.#parts;
    if (held.some((token) => vocabulary.endsGeneration(token))) return true;
    const before = tokens.slice(Math.max(this.#begin, tokens.length - LOOK_BEHIND));
    return this.#stops(Buffer.concat(vocabulary.decode([...before, ...guesses.tokens])).toString());
  }

  async #propose(text: readonly TokenId[], most: number): Promise<readonly TokenId[]> {
    const { scheduler, batchRows } = this.#parts;
    const known = this.#expected.take(text, scheduler, most);
    if (known.length > 0) return known;
    const load = scheduler.lastLoad;
    const share = Math.floor((batchRows - load.tokens) / load.writers);
    return await this.#planner.propose(text, { most: Math.min(most, share), load, signal: this.#signal });
  }
}
