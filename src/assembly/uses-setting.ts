import type { Setting } from '../settings/setting.ts';
import { resolveStrategy, type StrategyChoice } from './notation/strategies/resolve-strategy.ts';

/** Whether a strategy's responses depend on a setting. */
export function usesSetting(strategy: StrategyChoice, { usedBy }: Setting): boolean {
  const { name, kind } = resolveStrategy(strategy);
  if (usedBy === undefined) return true;
  if (usedBy === 'switch') return kind.hasSwitch ?? false;
  return usedBy === 'urial' ? name === usedBy : kind.needs.includes(usedBy) || kind.mayUse === usedBy;
}
