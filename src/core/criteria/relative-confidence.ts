import { mean } from '../mean.ts';
import { COUNT, POSITIVE } from '../number-rules.ts';
import type { SwitchCriterion, SwitchDetector } from '../switch-criterion.ts';
import { checkParameter } from './check-parameter.ts';
import { TIE, windowDetector } from './window-detector.ts';

/**
 * The base against the draft's own confidence: it takes over at the smallest i ≥ w − 1 with
 * g_base(i) ≥ factor · g_draft(i), the geometric means over tokens i−w+1..i of the base's probability of the drafted
 * token and of the draft's. Where many wordings are right both are unsure, and an absolute threshold is never reached:
 * arXiv 2604.16146, whose criterion is p_M(y) ≥ c · max q for one token of a greedy small model.
 *
 * The two models cut text differently, so the draft's probability of a base token is taken by text: each drafted
 * token's logprob is spread evenly over its bytes, and a base token gets that of the bytes that it covers
 * (`DraftConfidence`). With one vocabulary that is the token's own logprob.
 *
 * @throws ConfigError for a window or factor out of range
 */
export function relativeConfidence({
  window = 6,
  factor = 1,
}: { readonly window?: number; readonly factor?: number } = {}): SwitchCriterion {
  checkParameter('relative', 'window', window, COUNT);
  checkParameter('relative', 'factor', factor, POSITIVE);
  return {
    name: `relative(window=${window}, factor=${factor})`,
    needsStatistics: false,
    needsDraftLogprobs: true,
    start: () => startDetector(window, Math.log(factor) - TIE),
  };
}

function startDetector(window: number, logFactor: number): SwitchDetector {
  return windowDetector(
    window,
    ({ logprob, draftLogprob = Number.NaN }) => logprob - draftLogprob,
    (differences) => {
      const difference = mean(differences);
      const value = Math.exp(difference);
      return { value: Number.isFinite(value) ? value : undefined, accept: difference >= logFactor };
    },
  );
}
