import { monotoneWindow } from '../../../core/criteria/monotone.ts';
import type { DraftJudge } from '../../../core/draft-judge.ts';
import type { TokenId } from '../../../core/language-model.ts';
import type { SwitchCriterion } from '../../../core/switch-criterion.ts';
import { modelClosed } from '../failures.ts';
import type { Rounds, RoundsOptions } from '../generation/round.ts';
import { VerifiedRounds, type VerifiedRoundsParts } from '../generation/verified-rounds.ts';
import type { LlamaContext } from '../llama-context.ts';
import type { Scheduler } from '../scheduler.ts';
import type { PassTimes } from '../speculation/pass-times.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { BoundedJudge, type BoundingModel } from './bounded-judge.ts';
import { ConfirmationDesk } from './confirmation-desk.ts';
import { ConfirmedRounds } from './confirmed-rounds.ts';
import { FasterRounds } from './faster-rounds.ts';
import type { OutputHead } from './output-head.ts';

export interface RowsOnDemandParts {
  /** The model's. */
  readonly id: string;
  readonly head: OutputHead;
  readonly context: Pick<LlamaContext, 'turn' | 'state'>;
  readonly scheduler: Scheduler;
  readonly vocabulary: Vocabulary;
  /** Of passes that give states. */
  readonly statePassTimes: PassTimes;
  /** Most tokens of a pass that gives each of them its state. */
  readonly batchRows: number;
}

/**
 * Judging and writing with fewer rows of logits than tokens, for a model whose output matrix is a large part of it: passes
 * stop before that matrix, and logits are made of their states where they may decide something (docs/decisions/0010).
 */
export class RowsOnDemand implements BoundingModel {
  readonly #parts: RowsOnDemandParts;
  readonly #desk: ConfirmationDesk;
  #isClosed = false;

  constructor(parts: RowsOnDemandParts) {
    this.#parts = parts;
    this.#desk = new ConfirmationDesk({ ...parts, turn: (work) => this.#turn(work) });
  }

  /** Undefined for a criterion of which bounds say nothing. */
  judge(criterion: SwitchCriterion): DraftJudge | undefined {
    const window = monotoneWindow(criterion);
    return window === undefined ? undefined : new BoundedJudge(this, criterion, window);
  }

  /**
   * A faster way to write greedy tokens, where the matrix is most of a pass: else a pass is not much shorter without it.
   * Undefined where it is not, and for those who let nothing be proposed: they get a pass a token.
   */
  rounds(parts: VerifiedRoundsParts, options: RoundsOptions): Rounds | undefined {
    const { head, context } = this.#parts;
    if (!head.isMostOfAPass || options.proposers === undefined) return undefined;
    const confirming = { ...this.#parts, desk: this.#desk, state: (index: number) => context.state(index) };
    return new FasterRounds(this.#parts, {
      verified: new VerifiedRounds({ ...parts, couldGuess: true }, options),
      confirmed: new ConfirmedRounds(confirming, options),
    });
  }

  async states(
    prefix: readonly TokenId[],
    continuation: readonly TokenId[],
    signal: AbortSignal | undefined,
  ): Promise<Float32Array[]> {
    const { context, scheduler } = this.#parts;
    const states: Float32Array[] = [];
    await scheduler.forward({
      tokens: [...prefix, ...continuation],
      rowsFrom: prefix.length - 1,
      gives: 'states',
      signal,
      onRow: (_, batchIndex) => void states.push(context.state(batchIndex).slice()),
    });
    // The last token's state is there for the next chunk, or the base's own first token.
    return states.slice(0, continuation.length);
  }

  bounds(states: readonly Float32Array[], tokens: readonly TokenId[]): Promise<number[]> {
    return this.#turn(() => this.#parts.head.bounds(states, tokens));
  }

  logprobs(states: readonly Float32Array[], tokens: readonly TokenId[]): Promise<number[]> {
    return this.#turn(() => this.#parts.head.logprobs(states, tokens));
  }

  /** Behind what is computed from states now; before the model's native memory goes. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#parts.context.turn(() => Promise.resolve());
    this.#parts.head.close();
  }

  /** Work of the head, whose native memory goes with the model. */
  #turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#parts.context.turn(async () => {
      if (this.#isClosed) throw modelClosed();
      return await work();
    });
  }
}
