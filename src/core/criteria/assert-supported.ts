import type { DraftWriter } from '../draft-writer.ts';
import { CapabilityError } from '../errors.ts';
import type { LanguageModel } from '../language-model.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';

/**
 * Refuses, before any work, a criterion that needs what the engines don't give.
 *
 * @throws CapabilityError that names the criterion and the model
 */
export function assertSupported(criterion: SwitchCriterion, base: LanguageModel, draft: DraftWriter): void {
  if (criterion.needsStatistics && !base.capabilities.statistics) {
    throw new CapabilityError(
      'no-statistics',
      `The criterion ${criterion.name} needs the rank, entropy and first choice of each token, which the engine of the base ${base.id} does not give: choose another criterion, such as confidence, or another engine.`,
    );
  }
  if (criterion.needsDraftLogprobs && !draft.givesLogprobs) {
    throw new CapabilityError(
      'no-draft-logprobs',
      `The criterion ${criterion.name} needs the logprobs of what is drafted, which the engine of the draft ${draft.id} does not give: choose another criterion, such as confidence, or another engine.`,
    );
  }
}
