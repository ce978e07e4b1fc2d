import type { DraftWriter } from '../core/draft-writer.ts';
import { CapabilityError } from '../core/errors.ts';
import type { LanguageModel } from '../core/language-model.ts';
import { missingStatistics } from '../core/statistics.ts';

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
export function assertEntropy(strategy: string, base: LanguageModel): void {
  if (missingStatistics(['entropy'], base.capabilities.statistics).length === 0) return;
  throw new CapabilityError(
    'no-entropy',
    `The strategy ${strategy} needs the entropy of the next token over the whole vocabulary, of which the engine of the base ${base.id} tells only the most likely tokens: choose another strategy, such as args, or a base inside the process.`,
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
