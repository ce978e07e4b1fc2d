import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import type { Models } from './load-pair.ts';
import type { ModelRole } from './model-role.ts';
import { resolveStrategy, type StrategyChoice } from './notation/strategies/resolve-strategy.ts';
import type { StrategyOptions } from './notation/strategies/strategy-kinds.ts';

export { type StrategyChoice, strategyText } from './notation/strategies/resolve-strategy.ts';
export { STRATEGY_NAMES, type StrategyName, type StrategyOptions } from './notation/strategies/strategy-kinds.ts';

/**
 * The models that a strategy works with, the optional one only where a user names it.
 *
 * @param strategy a name, or one with numbers such as `args(k=5)`, or a decoder of one's own
 * @throws ConfigError for a text that is no strategy
 */
export function modelsNeeded(
  strategy: StrategyChoice,
  named: { readonly reward?: string | undefined } = {},
): readonly ModelRole[] {
  const { needs, mayUse } = resolveStrategy(strategy).kind;
  return mayUse === 'reward' && named.reward !== undefined ? [...needs, mayUse] : needs;
}

/** Whether a criterion says when the base takes over. */
export function hasSwitch(strategy: StrategyChoice): boolean {
  return resolveStrategy(strategy).kind.hasSwitch ?? false;
}

/** Whether the base sees a form of the strategy's own, such as examples of its own before the question. */
export function hasOwnForm(strategy: StrategyChoice): boolean {
  return resolveStrategy(strategy).kind.hasOwnForm ?? false;
}

/** How many texts of one model a strategy works on at the same time: what to load models for. */
export function textsAtOnce(strategy: StrategyChoice): number {
  const { kind, numbers } = resolveStrategy(strategy);
  return kind.atOnce?.(numbers) ?? 1;
}

/**
 * @param strategy a name, or one with numbers such as `args(k=5)`, or a decoder of one's own
 * @throws ConfigError for a text that is no strategy, or a number out of range; CapabilityError when a model is missing
 *   that the strategy needs, or can't do what it needs
 */
export function createStrategy(
  strategy: StrategyChoice,
  models: Models,
  options: StrategyOptions = {},
): DecodingStrategy {
  const { kind, numbers } = resolveStrategy(strategy);
  return kind.create(models, options, numbers);
}
