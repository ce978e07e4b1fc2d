import type { DraftWriter } from '../draft-writer.ts';
import { CapabilityError } from '../errors.ts';
import type { LanguageModel } from '../language-model.ts';
import type { PromptFormat } from '../prompt-format.ts';
import type { RewardModel } from '../reward-model.ts';

/** What a decoder may write with. Those that it does not need may be missing. */
export interface DecoderModels {
  readonly base?: LanguageModel | undefined;
  /** How the base sees a conversation. */
  readonly baseFormat?: PromptFormat | undefined;
  readonly draft?: DraftWriter | undefined;
  readonly reward?: RewardModel | undefined;
  readonly aligner?: LanguageModel | undefined;
}

export const DECODER_ROLES = ['base', 'draft', 'reward', 'aligner'] as const;

export type DecoderRole = (typeof DECODER_ROLES)[number];

const WORDS: Readonly<Record<DecoderRole, string>> = {
  base: 'a base model',
  draft: 'a draft model',
  reward: 'a reward model',
  aligner: 'an aligner',
};

/** @throws CapabilityError for a model that was not loaded */
export function needModel<R extends DecoderRole>(models: DecoderModels, role: R): NonNullable<DecoderModels[R]> {
  const model = role === 'base' && !models.baseFormat ? undefined : models[role];
  if (model) return model;
  throw new CapabilityError(`no-${role}`, `This strategy needs ${WORDS[role]}: load one.`);
}
