import type { DraftJudge, JudgedToken } from '../../../core/draft-judge.ts';
import type { TokenId } from '../../../core/language-model.ts';
import type { SwitchCriterion, SwitchDetector, Verdict } from '../../../core/switch-criterion.ts';

/** What is asked of a model whose passes give states. */
export interface BoundingModel {
  /** The state from which each token of `continuation` would be chosen. */
  states(
    prefix: readonly TokenId[],
    continuation: readonly TokenId[],
    signal: AbortSignal | undefined,
  ): Promise<Float32Array[]>;
  /** For each state an upper bound of ln P of its token. */
  bounds(states: readonly Float32Array[], tokens: readonly TokenId[]): Promise<number[]>;
  /** For each state ln P of its token. */
  logprobs(states: readonly Float32Array[], tokens: readonly TokenId[]): Promise<number[]>;
}

interface SeenToken {
  readonly token: TokenId;
  readonly bytes: Uint8Array;
  /** Exact, or a bound as long as there is a state. */
  logprob: number;
  state?: Float32Array | undefined;
}

/**
 * Shows a criterion upper bounds of logprobs. Where it would not accept even those, it would not accept the exact ones
 * either; where it would, the few that it looks at are made exact first. So it accepts at the same token as with exact
 * logprobs throughout.
 */
export class BoundedJudge implements DraftJudge {
  readonly #model: BoundingModel;
  readonly #criterion: SwitchCriterion;
  readonly #window: number;
  readonly #seen: SeenToken[] = [];
  #detector: SwitchDetector;

  /** @param window see `monotoneWindow` */
  constructor(model: BoundingModel, criterion: SwitchCriterion, window: number) {
    this.#model = model;
    this.#criterion = criterion;
    this.#window = window;
    this.#detector = criterion.start();
  }

  async judge(...[prefix, tokens, { signal } = {}]: Parameters<DraftJudge['judge']>): Promise<JudgedToken[]> {
    if (tokens.length === 0) return [];
    const ids = tokens.map(({ token }) => token);
    const states = await this.#model.states(prefix, ids, signal);
    const bounds = await this.#model.bounds(states, ids);
    signal?.throwIfAborted();
    const judged: JudgedToken[] = [];
    for (const [i, { token, bytes }] of tokens.entries()) {
      judged.push(await this.#push({ token, bytes, logprob: bounds[i]!, state: states[i] }));
      if (judged[i]!.verdict.accept) break;
    }
    return judged;
  }

  async #push(next: SeenToken): Promise<JudgedToken> {
    const slidOut = this.#seen.at(-this.#window - 1);
    if (slidOut) slidOut.state = undefined;
    this.#seen.push(next);
    const verdict = this.#detector.push(next);
    const unsure = this.#seen.slice(Math.max(this.#seen.length - this.#window, 0)).filter(({ state }) => state);
    if (unsure.length === 0) return { verdict, logprob: next.state ? undefined : next.logprob };
    if (!verdict.accept) return { verdict: { value: undefined, accept: false }, logprob: undefined };
    await this.#makeExact(unsure);
    return { verdict: this.#judgeAnew(), logprob: next.logprob };
  }

  async #makeExact(tokens: readonly SeenToken[]): Promise<void> {
    const logprobs = await this.#model.logprobs(
      tokens.map(({ state }) => state!),
      tokens.map(({ token }) => token),
    );
    for (const [i, token] of tokens.entries()) Object.assign(token, { logprob: logprobs[i], state: undefined });
  }

  #judgeAnew(): Verdict {
    this.#detector = this.#criterion.start();
    return this.#seen.map((token) => this.#detector.push(token)).at(-1)!;
  }
}
