import { settingName } from '../setting-name.ts';
import type { SamplingParams } from '../language-model.ts';
import { ConfigError } from '../errors.ts';

export const SAMPLING_CHOICES = ['topP', 'topK', 'minP', 'repetitionPenalty'] as const;

/** A setting of sampling that a strategy which chooses tokens by itself may follow besides temperature and seed. */
export type SamplingChoice = (typeof SAMPLING_CHOICES)[number];

/** Values that change nothing. */
const NEUTRAL: Readonly<Record<SamplingChoice, number>> = { topP: 1, topK: 0, minP: 0, repetitionPenalty: 1 };

/**
 * Refuses what a strategy that chooses tokens by itself does not do; temperature and seed it does.
 *
 * @throws ConfigError that names the option
 */
export function assertSampling(
  strategy: string,
  sampling: SamplingParams | undefined,
  supported: readonly SamplingChoice[] = [],
): void {
  for (const choice of SAMPLING_CHOICES) {
    const value = sampling?.[choice] ?? NEUTRAL[choice];
    if (value === NEUTRAL[choice] || supported.includes(choice)) continue;
    throw new ConfigError(
      'bad-sampling',
      `The strategy ${strategy} chooses tokens by itself and has no ${settingName(choice)} ${value}: leave it out.`,
    );
  }
}
