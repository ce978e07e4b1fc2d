import type { TokenId } from '../../../core/language-model.ts';
import type { PassOutput } from '../llama-context.ts';
import type { Scheduler } from '../scheduler.ts';

/** States cost something to verify: no more of them than pays where three of four tokens hold. */
const MOST_STATES = 8;

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
    const { rows, output } = scheduler.atHand([...tokens, ...expected], tokens.length - 1);
    const limit = output === 'states' ? Math.min(most, MOST_STATES) : most;
    return expected.slice(0, Math.max(Math.min(rows - 1, limit), 0));
  }
}

/** What there is of the place where a text goes on, if anything. */
export function lastRow(tokens: readonly TokenId[], scheduler: Scheduler): PassOutput | undefined {
  const { rows, output } = scheduler.atHand(tokens, tokens.length - 1);
  return rows > 0 ? output : undefined;
}
