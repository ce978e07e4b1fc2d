import { settingName } from '../../../core/setting-name.ts';
import { windowedConfidence } from '../../../core/criteria/windowed-confidence.ts';
import { ConfigError } from '../../../core/errors.ts';
import type { SwitchCriterion } from '../../../core/switch-criterion.ts';
import { assertCriterion } from './assert-criterion.ts';
import { parseCriterion } from './parse-criterion.ts';

/** The ways to say when the base takes over. */
export interface CriterionChoice {
  /** A text of the grammar, or any criterion, also one's own. */
  readonly criterion?: string | SwitchCriterion | undefined;
  readonly gamma?: number | undefined;
  readonly window?: number | undefined;
}

/**
 * The criterion that was chosen; by default the paper's, with its own γ and w.
 *
 * @throws ConfigError for a criterion that is none, or one besides γ or w
 */
export function resolveCriterion({ criterion, gamma, window }: CriterionChoice): SwitchCriterion {
  if (criterion === undefined) {
    return windowedConfidence({
      ...(window !== undefined && { window }),
      ...(gamma !== undefined && { threshold: gamma }),
    });
  }
  if (gamma !== undefined || window !== undefined) {
    const other = gamma === undefined ? settingName('window') : settingName('gamma');
    throw new ConfigError(
      'two-criteria',
      `${settingName('criterion')} can't be given together with ${other}: choose one, or write confidence(window=${window ?? 6}, threshold=${gamma ?? 0.8}) as a part of it.`,
    );
  }
  if (typeof criterion === 'string') return parseCriterion(criterion);
  assertCriterion(criterion, 'The criterion');
  return criterion;
}
