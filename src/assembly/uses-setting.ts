import type { Setting } from '../settings/setting.ts';
import { parseStrategy } from './notation/strategies/parse-strategy.ts';

/** Whether a strategy's responses depend on a setting. */
export function usesSetting(strategy: string, { usedBy }: Setting): boolean {
  const { name, kind } = parseStrategy(strategy);
  if (usedBy === undefined) return true;
  if (usedBy === 'switch') return kind.hasSwitch ?? false;
  return usedBy === 'urial' ? name === usedBy : kind.needs.includes(usedBy) || kind.mayUse === usedBy;
}
