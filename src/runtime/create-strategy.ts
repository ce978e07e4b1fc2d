import { CapabilityError } from '../core/errors.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import { weakToStrong, type WeakToStrongOptions } from '../core/weak-to-strong.ts';
import { baseOnly } from '../strategies/base-only.ts';
import { draftOnly } from '../strategies/draft-only.ts';
import type { Models } from './load-pair.ts';

export type StrategyOptions = Omit<WeakToStrongOptions, 'base' | 'baseFormat' | 'draft'>;

interface StrategyKind {
  readonly needs: readonly ('base' | 'draft')[];
  readonly create: (models: Models, options: StrategyOptions) => DecodingStrategy;
}

const STRATEGIES = {
  wsd: {
    needs: ['base', 'draft'],
    create: (models, options) => weakToStrong({ ...options, ...needBase(models), draft: needDraft(models) }),
  },
  base: { needs: ['base'], create: (models) => baseOnly(needBase(models)) },
  draft: { needs: ['draft'], create: (models) => draftOnly({ draft: needDraft(models) }) },
} satisfies Record<string, StrategyKind>;

export type StrategyName = keyof typeof STRATEGIES;

export const STRATEGY_NAMES = Object.keys(STRATEGIES) as StrategyName[];

export function modelsNeeded(name: StrategyName): readonly ('base' | 'draft')[] {
  return STRATEGIES[name].needs;
}

/** @throws CapabilityError when a model is missing that the strategy needs */
export function createStrategy(name: StrategyName, models: Models, options: StrategyOptions = {}): DecodingStrategy {
  return STRATEGIES[name].create(models, options);
}

function needBase({ base, baseFormat }: Models) {
  if (base && baseFormat) return { base, baseFormat };
  throw new CapabilityError('no-base', 'This strategy needs a base model: load one.');
}

function needDraft({ draft }: Models) {
  if (draft) return draft;
  throw new CapabilityError('no-draft', 'This strategy needs a draft model: load one.');
}
