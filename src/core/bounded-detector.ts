import type { LanguageModel, TokenScore } from './language-model.ts';
import type { DraftedToken, SwitchCriterion, SwitchDetector, Verdict } from './switch-criterion.ts';

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
  readonly #seen: DraftedToken[] = [];
  /** The base's own objects, which `exact` takes. */
  readonly #scores: TokenScore[] = [];

  /** @param start what begins a detector of the criterion. Default: its own. */
  constructor(criterion: SwitchCriterion, base: LanguageModel, start = () => criterion.start()) {
    this.#criterion = criterion;
    this.#base = base;
    this.#detector = start();
  }

  async push(score: TokenScore, bytes: Uint8Array): Promise<JudgedToken> {
    this.#seen.push({ ...score, bytes });
    this.#scores.push(score);
    const verdict = this.#detector.push(this.#seen.at(-1)!);
    if (this.#unsure().length === 0) return { verdict, score };
    if (!verdict.accept) return { verdict: { value: undefined, accept: false }, score };
    const exact = await this.#judgeExactly();
    return { verdict: exact, score: this.#scores.at(-1)! };
  }

  /** Places of the bounds among the last tokens, which alone the verdict depends on. */
  #unsure(): number[] {
    const count = Math.min(this.#criterion.decidingTokens ?? 0, this.#scores.length);
    const first = this.#scores.length - count;
    return Array.from({ length: count }, (_, i) => first + i).filter((place) => this.#scores[place]!.isBound);
  }

  async #judgeExactly(): Promise<Verdict> {
    const places = this.#unsure();
    const exact = await this.#base.exact!(places.map((place) => this.#scores[place]!));
    for (const [i, place] of places.entries()) {
      const { bytes } = this.#seen[place]!;
      this.#scores[place] = exact[i]!;
      this.#seen[place] = { ...exact[i]!, bytes };
    }
    this.#detector = this.#criterion.start();
    return this.#seen.map((token) => this.#detector.push(token)).at(-1)!;
  }
}
