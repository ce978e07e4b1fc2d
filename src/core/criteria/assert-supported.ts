import type { DraftWriter } from '../draft-writer.ts';
import { CapabilityError } from '../errors.ts';
import type { LanguageModel } from '../language-model.ts';
import { missingStatistics } from '../statistics.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';

const WORDS = { rank: 'rank', entropy: 'entropy', firstChoice: 'first choice' } as const;

/**
 * Refuses, before any work, a criterion that needs what the engines don't give.
 *
 * @throws CapabilityError that names the criterion and the model
 */
export function assertSupported(criterion: SwitchCriterion, base: LanguageModel, draft: DraftWriter): void {
  const missing = missingStatistics(criterion.needsStatistics, base.capabilities.statistics);
  if (missing.length > 0) {
    throw new CapabilityError(
      'no-statistics',
      `The criterion ${criterion.name} needs the ${missing.map((statistic) => WORDS[statistic]).join(' and ')} of each token, which the engine of the base ${base.id} does not give: choose another criterion, such as confidence, or another engine.`,
    );
  }
  if (criterion.needsDraftLogprobs && !draft.givesLogprobs) {
    throw new CapabilityError(
      'no-draft-logprobs',
      `The criterion ${criterion.name} needs the logprobs of what is drafted, which the engine of the draft ${draft.id} does not give: choose another criterion, such as confidence, or another engine.`,
    );
  }
}
