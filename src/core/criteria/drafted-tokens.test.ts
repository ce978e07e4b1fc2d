// Support for the tests beside it: drafted tokens to feed to a criterion. Holds no test itself.
import fc from 'fast-check';
import type { TokenId } from '../language-model.ts';
import type { DraftedToken, SwitchCriterion } from '../switch-criterion.ts';

const encoder = new TextEncoder();

export interface Known {
  readonly p?: number;
  readonly draft?: number;
  readonly entropy?: number;
  readonly isFirstChoice?: boolean;
  readonly text?: string;
}

export function drafted({ p = 0.5, draft = 0.5, entropy = 1, isFirstChoice = false, text = 'a' }: Known): DraftedToken {
  return {
    token: 7 as TokenId,
    logprob: Math.log(p),
    rank: isFirstChoice ? 1 : 2,
    entropy,
    firstChoice: (isFirstChoice ? 7 : 8) as TokenId,
    bytes: encoder.encode(text),
    draftLogprob: Math.log(draft),
  };
}

export const probability = fc.oneof(
  fc.double({ min: 1e-9, max: 1, noNaN: true }),
  fc.constantFrom(0, 0.25, 0.5, 0.8, 0.9, 1),
);

export const tokens = fc.array(
  fc.record({
    p: probability,
    draft: fc.double({ min: 1e-6, max: 1, noNaN: true }),
    entropy: fc.oneof(fc.double({ min: 0, max: 12, noNaN: true }), fc.constantFrom(0, 1)),
    isFirstChoice: fc.boolean(),
    text: fc.constantFrom('a', ' b', '.', '!', '\n', '3', '."', '🎉'),
  }),
  { maxLength: 40 },
);

export const windowSize = fc.integer({ min: 1, max: 10 });

/** Where the criterion takes over, and all values on the way. */
export function run(criterion: SwitchCriterion, given: readonly Known[]) {
  const detector = criterion.start();
  const values: (number | undefined)[] = [];
  for (const [index, known] of given.entries()) {
    const { value, accept } = detector.push(drafted(known));
    values.push(value);
    if (accept) return { index, values };
  }
  return { index: undefined, values };
}

/** The formula's words, on the whole array at once: the smallest i ≥ w − 1 whose window holds. */
export function firstWindow<T>(
  size: number,
  given: readonly T[],
  holds: (window: readonly T[]) => boolean,
): number | undefined {
  const index = given.findIndex((_, i) => i >= size - 1 && holds(given.slice(i + 1 - size, i + 1)));
  return index < 0 ? undefined : index;
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
