import type { SamplingParams } from '../language-model.ts';
import { ConfigError } from '../errors.ts';

const OPTIONS = {
  topP: '--top-p',
  topK: '--top-k',
  minP: '--min-p',
  repetitionPenalty: '--repetition-penalty',
} as const;

export const SAMPLING_CHOICES = Object.keys(OPTIONS) as readonly SamplingChoice[];

/** A setting of sampling that a strategy which chooses tokens by itself may follow besides temperature and seed. */
export type SamplingChoice = keyof typeof OPTIONS;

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
      `The strategy ${strategy} chooses tokens by itself and has no ${OPTIONS[choice]} ${value}: leave it out.`,
    );
  }
}
