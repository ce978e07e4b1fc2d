/**
 * The unbiased estimate of the chance that one of `k` samples passes, where `passed` of `samples` did (Chen et al. 2021):
 * 1 − Π (1 − k/i) for i from samples − passed + 1 to samples. Undefined for fewer samples than `k`.
 */
export function passAtK(samples: number, passed: number, k: number): number | undefined {
  if (samples < k) return undefined;
  if (samples - passed < k) return 1;
  let allFail = 1;
  for (let i = samples - passed + 1; i <= samples; i++) allFail *= 1 - k / i;
  return 1 - allFail;
}
