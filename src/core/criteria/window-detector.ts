import type { DraftedToken, SwitchDetector, Verdict } from '../switch-criterion.ts';

/** Rounding must not decide a tie: a mean of values that are all the threshold has reached it. */
export const TIE = 1e-12;

/** A detector that judges the last `size` observations of one response; has no value until there are as many. */
export function windowDetector<Observation>(
  size: number,
  observe: (token: DraftedToken) => Observation,
  judge: (window: readonly Observation[]) => Verdict,
): SwitchDetector {
  const recent: Observation[] = [];
  return {
    push(token) {
      recent.push(observe(token));
      if (recent.length > size) recent.shift();
      return recent.length < size ? { value: undefined, accept: false } : judge(recent);
    },
  };
}
