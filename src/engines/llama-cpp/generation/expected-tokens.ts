import type { TokenId } from '../../../core/language-model.ts';
import type { Scheduler } from '../scheduler.ts';

/** What a text is expected to go on with: asked for once, at its beginning. */
export class ExpectedTokens {
  #tokens: readonly TokenId[];

  constructor(tokens: readonly TokenId[] = []) {
    this.#tokens = tokens;
  }

  /** As far as their rows, or states, are still there: verifying those takes no forward pass. */
  take(tokens: readonly TokenId[], scheduler: Scheduler, most: number): readonly TokenId[] {
    const expected = this.#tokens;
    this.#tokens = [];
    if (expected.length === 0) return [];
    const rows = scheduler.rowsAtHand([...tokens, ...expected], tokens.length - 1);
    return expected.slice(0, Math.max(Math.min(rows - 1, most), 0));
  }
}
