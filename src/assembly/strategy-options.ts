import type { DecodingSettings } from '../settings/decoding.ts';
import { resolveCriterion } from './notation/criteria/resolve-criterion.ts';
import type { StrategyOptions } from './notation/strategies/strategy-kinds.ts';

/** What a strategy is made with, of the settings of a response. @throws ConfigError for two criteria, or a wrong one */
export function strategyOptions(settings: DecodingSettings): StrategyOptions {
  const { maxDraft, onNoSwitch, chunkTokens, urialExamples, alignerPrompt } = settings;
  return {
    criterion: resolveCriterion(settings),
    ...(maxDraft !== undefined && { maxDraftTokens: maxDraft }),
    ...(onNoSwitch && { onNoSwitch }),
    ...(chunkTokens !== undefined && { chunkTokens }),
    ...(urialExamples !== undefined && { urialExamples }),
    ...(alignerPrompt !== undefined && { alignerPrompt }),
  };
}
