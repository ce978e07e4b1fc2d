import type { LanguageModel, TokenScore } from './language-model.ts';
import type { SwitchCriterion, SwitchDetector, Verdict } from './switch-criterion.ts';

export interface JudgedToken {
  readonly verdict: Verdict;
  /** The token's score: exact, or a bound where that ruled a switch out. */
  readonly score: TokenScore;
}

/**
 * A criterion that is shown upper bounds of logprobs where there are no exact ones. Where it would not accept even those,
 * it would not accept the exact ones either; where it would, the few scores that it looks at are made exact first. So it
 * accepts at the same token as with exact scores throughout.
 */
export class BoundedDetector {
  readonly #criterion: SwitchCriterion;
  readonly #base: LanguageModel;
  #detector: SwitchDetector;
  /** All tokens so far, with the base's own objects, which `exact` takes. */
  readonly #seen: { score: TokenScore; readonly bytes: Uint8Array }[] = [];

  /** @param detector of the criterion. Default: as it begins. */
  constructor(criterion: SwitchCriterion, base: LanguageModel, detector = criterion.start()) {
    this.#criterion = criterion;
    this.#base = base;
    this.#detector = detector;
  }

  async push(score: TokenScore, bytes: Uint8Array): Promise<JudgedToken> {
    this.#seen.push({ score, bytes });
    const verdict = this.#detector.push({ ...score, bytes });
    const unsure = this.#deciding().filter((token) => token.score.isBound);
    if (unsure.length === 0) return { verdict, score };
    if (!verdict.accept) return { verdict: { value: undefined, accept: false }, score };
    const exact = await this.#base.exact!(unsure.map((token) => token.score));
    for (const [i, token] of unsure.entries()) token.score = exact[i]!;
    return { verdict: this.#judgeAnew(), score: this.#seen.at(-1)!.score };
  }

  /** The last tokens, which alone the verdict depends on. */
  #deciding() {
    return this.#seen.slice(Math.max(this.#seen.length - (this.#criterion.decidingTokens ?? 0), 0));
  }

  #judgeAnew(): Verdict {
    this.#detector = this.#criterion.start();
    return this.#seen.map(({ score, bytes }) => this.#detector.push({ ...score, bytes })).at(-1)!;
  }
}
