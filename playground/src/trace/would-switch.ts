import { windowedConfidence } from '../../../src/core/criteria/windowed-confidence.ts';
import type { TokenId } from '../../../src/core/token-id.ts';
import type { ShownToken } from './shown-response.ts';

/** Where the paper's criterion would switch. */
export interface WouldSwitch {
  /** How many drafted tokens would be kept; undefined: nowhere in what was drafted and scored. */
  readonly index: number | undefined;
  /** g_i of each drafted token. */
  readonly values: readonly (number | undefined)[];
}

/** The criterion of the core, run on recorded confidences. @param drafted the tokens that have one, from the first on */
export function wouldSwitch(drafted: readonly ShownToken[], gamma: number, window: number): WouldSwitch {
  const detector = windowedConfidence({ window, threshold: gamma }).start();
  let index: number | undefined;
  const values = drafted.map(({ id, logprob }, i) => {
    const token = { token: (id ?? 0) as TokenId, logprob: logprob!, bytes: new Uint8Array() };
    const { value, accept } = detector.push(token);
    if (accept) index ??= i + 1;
    return value;
  });
  return { index, values };
}

/** The drafted tokens at the beginning whose confidence is known. */
export function scoredDraft(tokens: readonly ShownToken[]): readonly ShownToken[] {
  const end = tokens.findIndex(({ source, logprob }) => source !== 'draft' || logprob === null);
  return end < 0 ? tokens : tokens.slice(0, end);
}
