/** The library: open a pair, decode, read the events. */
export { decode } from './assembly/decode.ts';
export type { DecodeOptions } from './assembly/decode-options.ts';
export { loadPair, type Models, type Pair } from './assembly/load-pair.ts';
export type { LoadProgress, ModelSettings } from './assembly/model-settings.ts';
export { type RunResult, toRunResult } from './assembly/run-result.ts';
export { createStrategy, type StrategyName, type StrategyOptions, STRATEGY_NAMES } from './assembly/create-strategy.ts';

export { afterTokens } from './core/criteria/after-tokens.ts';
export { allOf } from './core/criteria/all-of.ts';
export { always, never } from './core/criteria/constant-criteria.ts';
export { anyOf } from './core/criteria/any-of.ts';
export { atBoundary } from './core/criteria/at-boundary.ts';
export { firstChoiceAgreement } from './core/criteria/first-choice-agreement.ts';
export { fixedLength } from './core/criteria/fixed-length.ts';
export { meanEntropy } from './core/criteria/mean-entropy.ts';
export { meanProbability } from './core/criteria/mean-probability.ts';
export { minimumProbability } from './core/criteria/minimum-probability.ts';
export { perplexityDecay } from './core/criteria/perplexity-decay.ts';
export { relativeConfidence } from './core/criteria/relative-confidence.ts';
export { tokenConfidence } from './core/criteria/token-confidence.ts';
export { windowedConfidence, type WindowedConfidenceOptions } from './core/criteria/windowed-confidence.ts';
export { parseCriterion } from './assembly/notation/criteria/parse-criterion.ts';
export type { DraftedToken, SwitchCriterion, SwitchDetector, Verdict } from './core/switch-criterion.ts';
export { aligner, type AlignerOptions } from './strategies/aligner.ts';
export { args, type ArgsOptions } from './strategies/args.ts';
export { bestOfN, type BestOfNOptions } from './strategies/best-of-n.ts';
export { cards, type CardsOptions } from './strategies/cards.ts';
export { handback, type HandbackOptions } from './strategies/handback.ts';
export { nudging, type NudgingOptions } from './strategies/nudging.ts';
export { recheck, type RecheckNumbers, type RecheckOptions } from './strategies/recheck.ts';
export { urial, type UrialOptions } from './strategies/urial.ts';
export { weakToStrong, type WeakToStrongOptions } from './core/weak-to-strong.ts';
export { promptedReward } from './core/prompted-reward.ts';
export type { RewardModel } from './core/reward-model.ts';
export { rewardsOf } from './core/rewards-of.ts';
export type { SequenceScorer } from './core/sequence-scorer.ts';
export { promptedWriter } from './core/prompted-writer.ts';
export type { DraftPiece, DraftWriter } from './core/draft-writer.ts';
export type { DecodeRequest, DecodingStrategy } from './core/decoding-strategy.ts';
export type {
  DecodeEndEvent,
  DecodeEvent,
  DecodeStartEvent,
  DecodeTrace,
  HandBackEvent,
  ModelSwitchEvent,
  SwitchReason,
  Timings,
  TokenEvent,
  TokenSource,
  Usage,
} from './core/decode-event.ts';
export type {
  FinishReason,
  GeneratedToken,
  GenerateOptions,
  LanguageModel,
  ModelCapabilities,
  ModelInfo,
  NextToken,
  NextTokens,
  SamplingParams,
  TokenId,
  TokenScore,
} from './core/language-model.ts';
export type { Statistic, Statistics } from './core/statistics.ts';
export type { ChatMessage, FormattedPrompt, PromptFormat, PromptSegment, PromptText } from './core/prompt-format.ts';
export {
  CapabilityError,
  ConfigError,
  ContextOverflowError,
  DownloadError,
  EngineError,
  ModelFileError,
  WellbegunError,
} from './core/errors.ts';

export { plainForm } from './prompts/plain-form.ts';
export { chatTemplate, type ChatTemplateOptions } from './prompts/chat-template.ts';
export { pullModel } from './models/pull-model.ts';
