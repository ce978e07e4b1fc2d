import { CapabilityError } from '../errors.ts';
import { missingStatistics } from '../statistics.ts';
import { type DecoderModels, needModel } from './decoder-models.ts';

export const ABILITIES = ['nextTokens', 'entropy', 'generatedLogprobs', 'continuation'] as const;

/**
 * What a decoder may need of the engines: the base's most likely next tokens; their entropy over the whole vocabulary;
 * logprobs of what the base writes; a draft that goes on from a text.
 */
export type Ability = (typeof ABILITIES)[number];

interface Check {
  readonly code: string;
  readonly isMissing: (models: DecoderModels) => boolean;
  /** After "needs". */
  readonly words: (models: DecoderModels) => string;
}

const OTHERS = 'choose another strategy, or another engine.';

const CHECKS: Readonly<Record<Ability, Check>> = {
  nextTokens: {
    code: 'no-next-tokens',
    isMissing: ({ base }) => !base?.capabilities.nextTokens || base.nextTokens === undefined,
    words: (models) =>
      `needs the most likely next tokens, which the engine of the base ${baseOf(models)} does not give: ${OTHERS}`,
  },
  entropy: {
    code: 'no-entropy',
    isMissing: ({ base }) => missingStatistics(['entropy'], base?.capabilities.statistics ?? false).length > 0,
    words: (models) =>
      `needs the entropy of the next token over the whole vocabulary, of which the engine of the base ${baseOf(models)} tells only the most likely tokens: choose another strategy, such as args, or a base inside the process.`,
  },
  generatedLogprobs: {
    code: 'no-generated-logprobs',
    isMissing: ({ base }) => !base?.capabilities.generatedLogprobs,
    words: (models) =>
      `needs the logprobs of what the base writes, which the engine of the base ${baseOf(models)} does not give: ${OTHERS}`,
  },
  continuation: {
    code: 'no-continuation',
    isMissing: ({ draft }) => !draft?.continuesAnswers,
    words: (models) =>
      `lets the draft write on after the base, which the engine of the draft ${needModel(models, 'draft').id} can't: ${OTHERS}`,
  },
};

function baseOf(models: DecoderModels): string {
  return needModel(models, 'base').id;
}

/** @throws CapabilityError that names the strategy and the model */
export function assertAble(strategy: string, abilities: readonly Ability[], models: DecoderModels): void {
  for (const ability of abilities) {
    const { code, isMissing, words } = CHECKS[ability];
    if (isMissing(models)) throw new CapabilityError(code, `The strategy ${strategy} ${words(models)}`);
  }
}
