import { afterTokens } from '../../../core/criteria/after-tokens.ts';
import { allOf } from '../../../core/criteria/all-of.ts';
import { anyOf } from '../../../core/criteria/any-of.ts';
import { atBoundary } from '../../../core/criteria/at-boundary.ts';
import { always, never } from '../../../core/criteria/constant-criteria.ts';
import { firstChoiceAgreement } from '../../../core/criteria/first-choice-agreement.ts';
import { fixedLength } from '../../../core/criteria/fixed-length.ts';
import { meanEntropy } from '../../../core/criteria/mean-entropy.ts';
import { meanProbability } from '../../../core/criteria/mean-probability.ts';
import { minimumProbability } from '../../../core/criteria/minimum-probability.ts';
import { perplexityDecay } from '../../../core/criteria/perplexity-decay.ts';
import { relativeConfidence } from '../../../core/criteria/relative-confidence.ts';
import { tokenConfidence } from '../../../core/criteria/token-confidence.ts';
import { windowedConfidence } from '../../../core/criteria/windowed-confidence.ts';
import type { SwitchCriterion } from '../../../core/switch-criterion.ts';
import type { NumberParameters, Numbers } from '../grammar/number-arguments.ts';

/** What a name of the grammar takes and makes. */
export interface CriterionKind extends NumberParameters {
  /** How many criteria it is made of. */
  readonly criteria: 'none' | 'one' | 'some';
  readonly create: (numbers: Numbers, criteria: readonly SwitchCriterion[]) => SwitchCriterion;
}

/**
 * Every word of the grammar. The defaults of `confidence` are the paper's; those of the others switch about as late on
 * the default pair (`wellbegun calibrate` on 8 prompts, median k: confidence 98, min 97, entropy 96, mean 86, decay 72,
 * agreement 62, relative 57), save `token`, which is early with any threshold (8).
 */
export const CRITERION_KINDS: Readonly<Record<string, CriterionKind>> = {
  confidence: { numbers: ['window', 'threshold'], criteria: 'none', create: windowedConfidence },
  token: { numbers: ['threshold'], criteria: 'none', create: tokenConfidence },
  min: { numbers: ['window', 'threshold'], criteria: 'none', create: minimumProbability },
  mean: { numbers: ['window', 'threshold'], criteria: 'none', create: meanProbability },
  agreement: { numbers: ['window', 'share'], criteria: 'none', create: firstChoiceAgreement },
  entropy: { numbers: ['window', 'bound'], criteria: 'none', create: meanEntropy },
  decay: { numbers: ['window', 'ratio'], criteria: 'none', create: perplexityDecay },
  relative: { numbers: ['window', 'factor'], criteria: 'none', create: relativeConfidence },
  boundary: { numbers: [], criteria: 'one', create: (_, [inner]) => atBoundary(inner!) },
  anyOf: { numbers: [], criteria: 'some', create: (_, members) => anyOf(members) },
  allOf: { numbers: [], criteria: 'some', create: (_, members) => allOf(members) },
  after: { numbers: ['n'], required: ['n'], criteria: 'one', create: ({ n }, [inner]) => afterTokens(n!, inner!) },
  fixed: { numbers: ['k'], required: ['k'], criteria: 'none', create: ({ k }) => fixedLength(k!) },
  never: { numbers: [], criteria: 'none', create: () => never },
  always: { numbers: [], criteria: 'none', create: () => always },
};

export const CRITERION_NAMES = Object.keys(CRITERION_KINDS);

export function criterionKind(name: string): CriterionKind | undefined {
  return Object.hasOwn(CRITERION_KINDS, name) ? CRITERION_KINDS[name] : undefined;
}
