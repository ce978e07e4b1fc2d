import type { DraftWriter } from '../../../core/draft-writer.ts';
import { CapabilityError } from '../../../core/errors.ts';
import type { LanguageModel } from '../../../core/language-model.ts';
import type { RewardModel } from '../../../core/reward-model.ts';
import type { Models } from '../../load-pair.ts';

/** The models of a strategy. Each function throws CapabilityError for one that was not loaded. */
export function needBase({ base, baseFormat }: Models) {
  if (base && baseFormat) return { base, baseFormat };
  throw new CapabilityError('no-base', 'This strategy needs a base model: load one.');
}

export function needDraft({ draft }: Models): DraftWriter {
  return draft ?? missing('draft', 'a draft model');
}

export function needPair(models: Models) {
  return { ...needBase(models), draft: needDraft(models) };
}

export function needReward({ reward }: Models): RewardModel {
  return reward ?? missing('reward', 'a reward model');
}

export function needAligner({ aligner }: Models): LanguageModel {
  return aligner ?? missing('aligner', 'an aligner');
}

function missing(role: string, words: string): never {
  throw new CapabilityError(`no-${role}`, `This strategy needs ${words}: load one.`);
}
