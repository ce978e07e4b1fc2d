import type { DraftWriter } from '../core/draft-writer.ts';
import { CapabilityError } from '../core/errors.ts';
import type { LanguageModel } from '../core/language-model.ts';

/** A model that tells what may come next. */
export type TellingModel = LanguageModel & Required<Pick<LanguageModel, 'nextTokens'>>;

/** @throws CapabilityError that names the strategy and the model */
export function assertNextTokens(strategy: string, base: LanguageModel): asserts base is TellingModel {
  if (base.capabilities.nextTokens && base.nextTokens !== undefined) return;
  throw new CapabilityError(
    'no-next-tokens',
    `The strategy ${strategy} needs the most likely next tokens, which the engine of the base ${base.id} does not give: choose another strategy, or another engine.`,
  );
}

/** @throws CapabilityError that names the strategy and the model */
export function assertGeneratedLogprobs(strategy: string, base: LanguageModel): void {
  if (base.capabilities.generatedLogprobs) return;
  throw new CapabilityError(
    'no-generated-logprobs',
    `The strategy ${strategy} needs the logprobs of what the base writes, which the engine of the base ${base.id} does not give: choose another strategy, or another engine.`,
  );
}

/** @throws CapabilityError that names the strategy and the model */
export function assertContinues(strategy: string, draft: DraftWriter): void {
  if (draft.continuesAnswers) return;
  throw new CapabilityError(
    'no-continuation',
    `The strategy ${strategy} lets the draft write on after the base, which the engine of the draft ${draft.id} can't: choose another strategy, or another engine.`,
  );
}
