/** The library: open a pair, decode, read the events. */
export { decode } from './assembly/decode.ts';
export type { DecodeOptions } from './assembly/decode-options.ts';
export { loadModels, type LoadOptions, loadPair, type Models, type Pair } from './assembly/load-pair.ts';
export { defaultThreads, type Machine, openMachine } from './assembly/machine.ts';
export type { ModelRole } from './assembly/model-role.ts';
export { openReward, type RewardUse } from './assembly/open-reward.ts';
export type { LoadProgress, ModelSettings } from './assembly/model-settings.ts';
export type { DecodingSettings } from './settings/decoding.ts';
export type { ModelTableSettings } from './settings/model.ts';
export type { DraftJudge, JudgedToken } from './core/draft-judge.ts';
export type {
  Effect as SettingEffect,
  Form as SettingForm,
  Options as SettingsOf,
  Role as SettingRole,
  Setting,
  SettingTable,
} from './settings/setting.ts';
export type { KeyValueType } from './engines/llama-cpp/llama-context.ts';
export type { Backend, VariantBackend } from './engines/llama-cpp/native/library-location.ts';
export type { PullProgress } from './models/pull-progress.ts';
export { batchResult } from './assembly/batch-result.ts';
export { identifyModels, type ModelIdentities } from './assembly/identify-models.ts';
export { describeRequest, type RunRequest } from './assembly/run-request.ts';
export { compareResult, type RunResult, runResult, toRunResult } from './assembly/run-result.ts';
export { type ReadTrace, readTraces } from './traces/read-traces.ts';
export type { Claim, Finding } from './traces/verify/findings.ts';
export { requestFormat } from './traces/verify/request-format.ts';
export { type Verification, verifyTrace, type VerifyOptions } from './traces/verify/verify-trace.ts';
export { type Calibration, type CalibrationRow, calibrate } from './studies/calibrate/calibrate.ts';
export { type Candidate, defaultCandidates, givenCandidates } from './studies/calibrate/candidates.ts';
export type { DraftRecord, MeasuredTimes, RecordedToken } from './studies/calibrate/draft-record.ts';
export { type Aim, recommend, type Recommendation } from './studies/calibrate/recommend.ts';
export type { RecordOptions } from './studies/calibrate/record-draft.ts';
export { recordPrompts, type RecordPromptsOptions } from './studies/calibrate/record-prompts.ts';
export type { Quartiles } from './core/quartiles.ts';
export { type CostTerms, timeRatio } from './studies/calibrate/cost-model.ts';
export type { Replay } from './studies/calibrate/replay.ts';
export type { BatchResult } from './batch/answer-lines.ts';
export type { Answered } from './batch/batch-request.ts';
export type { BatchCount, BatchWatch } from './batch/open-batch.ts';
export { type BatchOptions, runBatch } from './batch/run-batch.ts';
export type { Failure, Spelling } from './recording/failure.ts';
export type { Fingerprint } from './recording/fingerprint.ts';
export { evaluate } from './studies/evaluate/evaluate.ts';
export { type EvaluationReport, evaluationReport } from './studies/evaluate/evaluation-report.ts';
export type { ChatJudge } from './studies/evaluate/grades/judged-by.ts';
export type { EvaluateOptions, EvaluationWatch, GradeWatch } from './studies/evaluate/open-evaluation.ts';
export { gradeLine } from './studies/evaluate/grades/grade-recording.ts';
export { rewardLine } from './studies/evaluate/grades/rewards.ts';
export type { PairTokenizer } from './preferences/check/pair-tokenizer.ts';
export { openPairTokenizer } from './assembly/open-pair-tokenizer.ts';
export { type CheckOptions, checkPairs } from './preferences/check/check-pairs.ts';
export type { CheckReport, DataSetCount, FindingExample, FoundPairs } from './preferences/check/check-report.ts';
export type { SoughtBenchmark } from './preferences/check/contamination.ts';
export type { PairFinding } from './preferences/check/findings.ts';
export type { LabelAgreement } from './preferences/check/label-count.ts';
export type { LengthBias } from './preferences/check/length-bias.ts';
export type {
  Benchmark,
  BenchmarkItem,
  BenchmarkNeed,
  Choices,
  Grader,
  Grades,
  Measure,
  PromptForm,
} from './benchmarks/benchmark.ts';
export { BENCHMARKS } from './benchmarks/benchmarks.ts';
export type { DataFile } from './benchmarks/data/data-file.ts';
export { DataSource, type DataSourceOptions } from './benchmarks/data/data-source.ts';
export type { Program } from './sandbox/program.ts';
export type { RewardOptions } from './preferences/synth/reward-recording.ts';
export { importPairs, type ImportOptions } from './preferences/import/import-pairs.ts';
export type { DroppedReason, ImportedFile, ImportReport } from './preferences/import/import-report.ts';
export type { FormName } from './preferences/forms/forms.ts';
export { type Dimension, type PreferencePair, preferencePair } from './preferences/preference-pair.ts';
export type { MixFile, MixInput, MixManifest } from './preferences/mix/manifest.ts';
export { type MixOptions, mixPairs } from './preferences/mix/mix-pairs.ts';
export { synthesisePairs, type SynthOptions, type SynthReport } from './preferences/synth/synthesise-pairs.ts';
export { synthesise, type SynthesiseOptions } from './studies/synthesise/synthesise.ts';
export type { Shares } from './preferences/mix/shares.ts';
export type { CheckSettings, ImportSettings, MixSettings, SynthSettings } from './settings/data.ts';
export type { Interval } from './statistics/interval.ts';
export { wilsonInterval } from './statistics/wilson-interval.ts';
export { PAIR_PROMPTS } from './studies/pair-diagnosis/pair-prompts.ts';
export { loadStrategyModule } from './assembly/notation/strategies/load-strategy-module.ts';
export {
  createStrategy,
  type StrategyChoice,
  type StrategyName,
  type StrategyOptions,
  STRATEGY_NAMES,
} from './assembly/create-strategy.ts';

export { afterTokens } from './core/criteria/after-tokens.ts';
export { allOf } from './core/criteria/all-of.ts';
export { always, never } from './core/criteria/constant-criteria.ts';
export { anyOf } from './core/criteria/any-of.ts';
export { atBoundary } from './core/criteria/at-boundary.ts';
export { firstChoiceAgreement } from './core/criteria/first-choice-agreement.ts';
export { fixedLength } from './core/criteria/fixed-length.ts';
export { meanEntropy } from './core/criteria/mean-entropy.ts';
export type { ProbabilityWindow } from './core/criteria/probability-window.ts';
export { meanProbability } from './core/criteria/mean-probability.ts';
export { minimumProbability } from './core/criteria/minimum-probability.ts';
export { perplexityDecay } from './core/criteria/perplexity-decay.ts';
export { relativeConfidence } from './core/criteria/relative-confidence.ts';
export { tokenConfidence } from './core/criteria/token-confidence.ts';
export { windowedConfidence, type WindowedConfidenceOptions } from './core/criteria/windowed-confidence.ts';
export { parseCriterion } from './assembly/notation/criteria/parse-criterion.ts';
export type { DraftedToken, SwitchCriterion, SwitchDetector, Verdict } from './core/switch-criterion.ts';
export { type Decoder, decoderStrategy } from './core/kit/decoder.ts';
export { aligner, type AlignerOptions } from './strategies/aligner.ts';
export { args, type ArgsOptions } from './strategies/args.ts';
export { bestOfN, type BestOfNOptions } from './strategies/best-of-n.ts';
export { cards, type CardsNumbers, type CardsOptions } from './strategies/cards.ts';
export type { BaseOptions } from './strategies/base-options.ts';
export { handback, type HandbackNumbers, type HandbackOptions } from './strategies/handback.ts';
export { nudging, type NudgingOptions } from './strategies/nudging.ts';
export { recheck, type RecheckNumbers, type RecheckOptions } from './strategies/recheck.ts';
export { urial, type UrialOptions } from './strategies/urial.ts';
export { weakToStrong, type WeakToStrongOptions } from './core/weak-to-strong.ts';
export { promptedReward } from './core/prompted-reward.ts';
export type { RewardModel } from './core/reward-model.ts';
export { rewardsOf } from './core/rewards-of.ts';
export type { SequenceScorer } from './core/sequence-scorer.ts';
export { promptedWriter } from './core/prompted-writer.ts';
export type { DraftPiece, DraftWriter, PromptMeasure } from './core/draft-writer.ts';
export type { DecodeRequest, DecodingStrategy } from './core/decoding-strategy.ts';
export type {
  DecodeEndEvent,
  DecodeEvent,
  DecodeStartEvent,
  DecodeTrace,
  HandBackEvent,
  ModelNames,
  ModelSwitchEvent,
  SwitchReason,
  Timings,
  TokenEvent,
  TokenSource,
  Usage,
} from './core/decode-event.ts';
export type { TokenProposer } from './core/speculation/token-proposer.ts';
export type {
  CallOptions,
  FinishReason,
  GeneratedToken,
  GenerateOptions,
  LanguageModel,
  ModelCapabilities,
  ModelInfo,
  NextToken,
  NextTokens,
  SamplingParams,
  ScoreOptions,
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
  type EngineErrorDetails,
  ModelFileError,
  WellbegunError,
} from './core/errors.ts';

export type { TextBeginning } from './core/beginning-of-text.ts';
export { plainForm } from './prompts/plain-form.ts';
export { chatTemplate, type ChatTemplateOptions } from './prompts/chat-template.ts';
export type { CatalogueModel } from './models/catalogue.ts';
export { pullModel, type PullModelOptions } from './models/pull-model.ts';
