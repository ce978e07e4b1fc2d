import type { SwitchCriterion } from '../../core/switch-criterion.ts';
import { parseCriterion } from '../../assembly/notation/criteria/parse-criterion.ts';

/** A criterion with all but one number settled, and the values to try for that. */
export interface CandidateFamily {
  /** With `x` in place of the value that varies. */
  readonly form: string;
  readonly values: readonly number[];
}

export interface Candidate {
  readonly criterion: SwitchCriterion;
  /** Where it is one of a family. */
  readonly family?: { readonly form: string; readonly value: number };
}

const SHARES = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/** What is compared when nothing else is asked for: the paper's criterion first, the ablations last. */
const FAMILIES: readonly CandidateFamily[] = [
  { form: 'confidence(window=6, threshold=x)', values: SHARES },
  { form: 'boundary(confidence(window=6, threshold=x))', values: [0.4, 0.5, 0.6, 0.7, 0.8] },
  { form: 'mean(window=6, threshold=x)', values: SHARES },
  { form: 'min(window=6, threshold=x)', values: [0.1, 0.2, 0.3, 0.5, 0.7, 0.9] },
  { form: 'agreement(window=8, share=x)', values: [0.5, 0.625, 0.75, 0.875, 1] },
  { form: 'entropy(window=6, bound=x)', values: [2, 1.5, 1, 0.7, 0.5, 0.3] },
  { form: 'decay(window=6, ratio=x)', values: [0.7, 0.5, 0.4, 0.3, 0.2, 0.1] },
  { form: 'relative(window=6, factor=x)', values: [0.6, 0.7, 0.8, 0.9, 1, 1.2] },
  { form: 'token(threshold=x)', values: [0.8, 0.9, 0.95, 0.99, 0.999] },
  { form: 'fixed(k=x)', values: [10, 20, 40, 80] },
];

export function defaultCandidates(): Candidate[] {
  const varied = FAMILIES.flatMap(({ form, values }) =>
    values.map((value) => ({ criterion: parseCriterion(form.replace('=x', `=${value}`)), family: { form, value } })),
  );
  return [...varied, { criterion: parseCriterion('never') }];
}

/** @throws ConfigError for a text that is no criterion */
export function givenCandidates(texts: readonly string[]): Candidate[] {
  return texts.map((text) => ({ criterion: parseCriterion(text) }));
}
