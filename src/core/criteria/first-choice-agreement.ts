import { mean } from '../mean.ts';
import { COUNT, POSITIVE_SHARE } from '../number-rules.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import { checkParameter } from './check-parameter.ts';
import { windowDetector } from './window-detector.ts';

/**
 * The base would have written the same: it takes over at the smallest i ≥ w − 1 where at least `share` of the tokens
 * i−w+1..i are its own first choice, a_i = #{j : token_j = argmax P_j} / w ≥ share. Does not suffer from flat
 * distributions, whose first choice is unlikely too. Cf. the match ratio of arXiv 2508.17739, which compares a small and
 * a large model in the same way to choose its mode.
 *
 * @throws ConfigError for a window or share out of range
 */
export function firstChoiceAgreement({
  window = 8,
  share = 0.9,
}: { readonly window?: number; readonly share?: number } = {}): SwitchCriterion {
  checkParameter('agreement', 'window', window, COUNT);
  checkParameter('agreement', 'share', share, POSITIVE_SHARE);
  return {
    name: `agreement(window=${window}, share=${share})`,
    needsStatistics: ['firstChoice'],
    start: () =>
      windowDetector(
        window,
        ({ token, firstChoice }) => (token === firstChoice ? 1 : 0),
        (matches) => {
          const value = mean(matches);
          return { value, accept: value >= share };
        },
      ),
  };
}
