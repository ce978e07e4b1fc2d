import { mean } from '../mean.ts';
import { COUNT, POSITIVE_SHARE } from '../number-rules.ts';
import type { SwitchCriterion, SwitchDetector } from '../switch-criterion.ts';
import { checkParameter } from './check-parameter.ts';
import { TIE, windowDetector } from './window-detector.ts';

/**
 * The base has got used to the draft: it takes over at the smallest i ≥ w − 1 with
 * PPL(i−w+1..i) / PPL(0..w−1) ≤ ratio, where PPL(a..b) = exp(−mean(ln p_{a..b})) and p_i is the base's probability of
 * drafted token i. Relative to each response's own beginning, so one ratio suits easy and hard prompts; a ratio of 1
 * switches at the first full window.
 *
 * @throws ConfigError for a window or ratio out of range
 */
export function perplexityDecay({
  window = 6,
  ratio = 0.2,
}: { readonly window?: number; readonly ratio?: number } = {}): SwitchCriterion {
  checkParameter('decay', 'window', window, COUNT);
  checkParameter('decay', 'ratio', ratio, POSITIVE_SHARE);
  return {
    name: `decay(window=${window}, ratio=${ratio})`,
    needsStatistics: false,
    start: () => startDetector(window, Math.log(ratio) + TIE),
  };
}

function startDetector(window: number, logRatio: number): SwitchDetector {
  let first: number | undefined;
  return windowDetector(
    window,
    ({ logprob }) => logprob,
    (logprobs) => {
      const last = mean(logprobs);
      first ??= last;
      // Both of them impossible: NaN, which is no ratio.
      const difference = first - last;
      const value = Math.exp(difference);
      return { value: Number.isFinite(value) ? value : undefined, accept: difference <= logRatio };
    },
  );
}
