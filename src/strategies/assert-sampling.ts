import { settingName } from '../core/setting-name.ts';
import type { SamplingParams } from '../core/language-model.ts';
import { ConfigError } from '../core/errors.ts';

type Choice = 'topP' | 'topK' | 'minP' | 'repetitionPenalty';

/** Values that change nothing. */
const NEUTRAL: Readonly<Record<Choice, number>> = { topP: 1, topK: 0, minP: 0, repetitionPenalty: 1 };

/**
 * Refuses what a strategy that chooses tokens by itself does not do; temperature and seed it does.
 *
 * @throws ConfigError that names the option
 */
export function assertSampling(
  strategy: string,
  sampling: SamplingParams | undefined,
  supported: readonly Choice[] = [],
): void {
  for (const choice of Object.keys(NEUTRAL) as Choice[]) {
    const value = sampling?.[choice] ?? NEUTRAL[choice];
    if (value === NEUTRAL[choice] || supported.includes(choice)) continue;
    throw new ConfigError(
      'bad-sampling',
      `The strategy ${strategy} chooses tokens by itself and has no ${settingName(choice)} ${value}: leave it out.`,
    );
  }
}
