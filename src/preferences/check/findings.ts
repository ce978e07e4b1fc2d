/** What can be wrong with a pair, and whether it is left out of a cleaned file for it. */
export const FINDINGS = {
  duplicate: { words: 'the same as an earlier pair', removes: true },
  'near-duplicate': { words: 'nearly the same as an earlier pair', removes: true },
  contradiction: { words: 'another pair prefers the other response', removes: true },
  contaminated: { words: 'holds a text of a benchmark', removes: true },
  'empty-turn': { words: 'a turn is empty', removes: true },
  'same-responses': { words: 'both responses are the same', removes: true },
  'prompt-order': { words: 'the prompt does not end with what the user says', removes: true },
  'cut-off': { words: 'the chosen response seems to be cut off', removes: true },
  'rejected-cut-off': { words: 'the rejected response seems to be cut off', removes: false },
  doubtful: { words: 'a reward model prefers the rejected response', removes: false },
  'loses-end': { words: 'training cuts the end of a response away', removes: true },
  'no-prefix': { words: "the prompt's tokens are no beginning of those with the response", removes: true },
} as const;

export type PairFinding = keyof typeof FINDINGS;

export const FINDING_NAMES = Object.keys(FINDINGS) as readonly PairFinding[];
