import type { DecodingStrategy } from '../../../core/decoding-strategy.ts';
import { weakToStrong, type WeakToStrongOptions } from '../../../core/weak-to-strong.ts';
import { aligner } from '../../../strategies/aligner.ts';
import { args, ARGS_NUMBERS } from '../../../strategies/args.ts';
import { baseOnly } from '../../../strategies/base-only.ts';
import { BEST_OF_N_NUMBERS, bestOfN } from '../../../strategies/best-of-n.ts';
import { cards, CARDS_NUMBERS } from '../../../strategies/cards.ts';
import type { NumberRules } from '../../../strategies/check-numbers.ts';
import { draftOnly } from '../../../strategies/draft-only.ts';
import { handback, HANDBACK_NUMBERS } from '../../../strategies/handback.ts';
import { nudging, NUDGING_NUMBERS } from '../../../strategies/nudging.ts';
import { recheck, RECHECK_NUMBERS } from '../../../strategies/recheck.ts';
import { urial } from '../../../strategies/urial.ts';
import type { Numbers } from '../grammar/number-arguments.ts';
import type { Models } from '../../load-pair.ts';
import type { ModelRole } from '../../model-role.ts';
import { needAligner, needBase, needDraft, needPair, needReward } from './need-model.ts';

/** What strategies are made of besides models and their own numbers. */
export interface StrategyOptions extends Omit<WeakToStrongOptions, 'base' | 'baseFormat' | 'draft'> {
  /** The examples of `urial`, in place of the project's own. */
  readonly urialExamples?: string;
  /** The prompt of `aligner`'s second model, in place of the published one. */
  readonly alignerPrompt?: string;
}

export interface StrategyKind {
  readonly numbers: NumberRules;
  /** For `--help`: a few words. */
  readonly summary: string;
  readonly needs: readonly ModelRole[];
  /** Used where a user names one. */
  readonly mayUse?: ModelRole;
  /** True where a criterion says when the base takes over. */
  readonly hasSwitch?: boolean;
  /** True where the base sees a form of its own, also where others see a benchmark's few-shot prompt. */
  readonly hasOwnForm?: boolean;
  /** How many texts of one model are worked on at the same time. Default: 1. */
  readonly atOnce?: (numbers: Numbers) => number;
  readonly create: (models: Models, options: StrategyOptions, numbers: Numbers) => DecodingStrategy;
}

/** Every strategy, its models and its numbers. docs/strategies.md says more of each. */
export const STRATEGY_KINDS = {
  wsd: {
    summary: 'the draft begins, the base finishes',
    numbers: {},
    needs: ['base', 'draft'],
    hasSwitch: true,
    create: (models, options) => weakToStrong({ ...options, ...needPair(models) }),
  },
  base: {
    summary: 'the base alone',
    numbers: {},
    needs: ['base'],
    create: (models) => baseOnly(needBase(models)),
  },
  draft: {
    summary: 'the draft alone',
    numbers: {},
    needs: ['draft'],
    create: (models) => draftOnly({ draft: needDraft(models) }),
  },
  urial: {
    summary: 'the base after examples of good answers',
    numbers: {},
    needs: ['base'],
    hasOwnForm: true,
    create: (models, { urialExamples: examples }) =>
      urial({ ...needBase(models), ...(examples !== undefined && { examples }) }),
  },
  'best-of-n': {
    summary: 'the best of n samples of the base',
    numbers: BEST_OF_N_NUMBERS,
    needs: ['base', 'reward'],
    atOnce: ({ n = 4 }) => n,
    create: (models, _, numbers) => bestOfN({ ...needBase(models), reward: needReward(models), ...numbers }),
  },
  args: {
    summary: 'the base, each token chosen by reward',
    numbers: ARGS_NUMBERS,
    needs: ['base', 'reward'],
    atOnce: ({ k = 10 }) => k,
    create: (models, _, numbers) => args({ ...needBase(models), reward: needReward(models), ...numbers }),
  },
  cards: {
    summary: 'the base, each segment sampled until its reward suffices',
    numbers: CARDS_NUMBERS,
    needs: ['base', 'reward'],
    create: (models, _, numbers) => cards({ ...needBase(models), reward: needReward(models), ...numbers }),
  },
  aligner: {
    summary: "a second model rewrites the base's answer",
    numbers: {},
    needs: ['base', 'aligner'],
    create: (models, { alignerPrompt: prompt }) =>
      aligner({ ...needBase(models), aligner: needAligner(models), ...(prompt !== undefined && { prompt }) }),
  },
  nudging: {
    summary: 'the base, with words of the draft where it is unsure',
    numbers: NUDGING_NUMBERS,
    needs: ['base', 'draft'],
    create: (models, _, numbers) => nudging({ ...needPair(models), ...numbers }),
  },
  handback: {
    summary: 'wsd, the draft writes on where the base becomes unsure; experimental',
    numbers: HANDBACK_NUMBERS,
    needs: ['base', 'draft'],
    hasSwitch: true,
    create: (models, options, numbers) => handback({ ...options, ...needPair(models), ...numbers }),
  },
  recheck: {
    summary: 'wsd, bad sentences of the base are taken back unseen',
    numbers: RECHECK_NUMBERS,
    needs: ['base', 'draft'],
    mayUse: 'reward',
    hasSwitch: true,
    create: (models, options, numbers) =>
      recheck({ ...options, ...needPair(models), ...(models.reward && { judge: models.reward }), numbers }),
  },
} satisfies Record<string, StrategyKind>;

export type StrategyName = keyof typeof STRATEGY_KINDS;

export const STRATEGY_NAMES = Object.keys(STRATEGY_KINDS) as StrategyName[];

export function strategyKind(name: string): StrategyKind | undefined {
  return Object.hasOwn(STRATEGY_KINDS, name) ? STRATEGY_KINDS[name as StrategyName] : undefined;
}
