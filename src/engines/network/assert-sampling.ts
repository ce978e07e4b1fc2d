import { settingName } from '../../core/setting-name.ts';
import { CapabilityError } from '../../core/errors.ts';
import type { SamplingParams } from '../../core/language-model.ts';

/** Settings at these values change nothing. */
const NEUTRAL: Partial<Record<keyof SamplingParams, number>> = { topP: 1, topK: 0, minP: 0, repetitionPenalty: 1 };

/** What changes how tokens are drawn, and so nothing where the most likely one is taken. */
const OF_DRAWING: ReadonlySet<keyof SamplingParams> = new Set(['topP', 'topK', 'minP', 'seed']);

/** @throws CapabilityError that names the setting and the engine */
export function assertSampling(
  engine: string,
  unsupported: readonly (keyof SamplingParams)[],
  sampling: SamplingParams,
): void {
  for (const name of unsupported) {
    const value = sampling[name];
    if (value === undefined || value === NEUTRAL[name]) continue;
    if (sampling.temperature === 0 && OF_DRAWING.has(name)) continue;
    throw new CapabilityError(
      'unsupported-sampling',
      `${settingName(name)} ${value} can't be asked of the engine ${engine}, which has no such setting or means another by it: leave it out.`,
    );
  }
}
