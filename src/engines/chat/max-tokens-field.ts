import { EngineError } from '../../core/errors.ts';

const NEWER_NAME = 'max_completion_tokens';

/** How one server calls the most tokens of an answer: some know the newer name only, and say so when they refuse. */
export class MaxTokensField {
  #name = 'max_tokens';

  of(maxTokens: number): object {
    return { [this.#name]: maxTokens };
  }

  /** True where the refusal of the older name asks for the newer one, which is used from now on. */
  learnsFrom(refusal: unknown): boolean {
    if (this.#name === NEWER_NAME || !(refusal instanceof EngineError) || refusal.code !== 'refused') return false;
    if (!(refusal.reason ?? '').includes(NEWER_NAME)) return false;
    this.#name = NEWER_NAME;
    return true;
  }
}
