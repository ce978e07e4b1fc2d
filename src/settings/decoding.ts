import { z } from 'zod';
import type { SamplingParams } from '../core/language-model.ts';
import type { Decoder } from '../core/kit/decoder.ts';
import type { SwitchCriterion } from '../core/switch-criterion.ts';
import { ANY_TEXT, MOST_INT, ON_OFF, oneOf, POSITIVE_SHARE, TEXT, wholeNumber, wholeText } from './rules.ts';
import type { Options, Setting, SettingTable } from './setting.ts';

const DECODING = { group: 'Decoding:', effect: 'text' } as const;
const SAMPLING = { group: 'Sampling:', effect: 'text', form: 'number', value: '<number>' } as const;

/** How one response is decoded. */
export const decodingSettings = {
  /** A name of `STRATEGY_NAMES`, perhaps with numbers: `nudging(threshold=0.3)`; or a decoder of one's own. Default: `wsd`. */
  strategy: {
    ...DECODING,
    schema: z.custom<string | Decoder>(() => true),
    takes: 'a text, or a decoder',
    value: '<text>',
    words: 'who writes, perhaps with numbers',
    default: 'wsd',
  },
  strategyModule: {
    ...DECODING,
    ...TEXT,
    value: '<file>',
    words: 'a decoder of your own, in place of a strategy: a module that exports it by default',
    file: 'path',
    personOnly: true,
    shared: true,
  },
  /** γ in (0, 1]. Default: 0.8, the paper's. */
  gamma: {
    ...DECODING,
    ...POSITIVE_SHARE,
    form: 'number',
    value: '<number>',
    words: 'confidence at which the base takes over, above 0 and at most 1',
    default: 0.8,
    request: true,
    usedBy: 'switch',
  },
  /** w, a whole number ≥ 1. Default: 6, the paper's. */
  window: {
    ...DECODING,
    ...wholeNumber(1),
    words: 'tokens that the confidence is the geometric mean of',
    default: 6,
    request: true,
    usedBy: 'switch',
  },
  /** In place of `gamma` and `window`: a text such as `boundary(confidence)`, or any criterion, also one's own. */
  criterion: {
    ...DECODING,
    schema: z.custom<string | SwitchCriterion>(() => true),
    takes: 'a text of the criterion grammar, or a criterion',
    value: '<text>',
    words: 'when the base takes over, in place of gamma and window; such as boundary(confidence)',
    request: z.string().min(1).max(1000),
    usedBy: 'switch',
  },
  criterionModule: {
    ...DECODING,
    ...TEXT,
    value: '<file>',
    words: 'a criterion of your own: a module that exports it by default',
    file: 'path',
    personOnly: true,
    shared: true,
    usedBy: 'switch',
  },
  /** Most drafted tokens, a whole number ≥ 0. Default: 512, the paper's. */
  maxDraft: {
    ...DECODING,
    ...wholeNumber(0),
    words: 'most drafted tokens (default: 512)',
    request: true,
    recorded: true,
    usedBy: 'switch',
  },
  /** Most tokens from the model that finishes, a whole number ≥ 0. Default: 2048, the paper's. */
  maxTokens: { ...DECODING, ...wholeNumber(0), words: 'most tokens from the model that finishes (default: 2048)' },
  /** Most tokens of the whole response, the drafted ones included, a whole number ≥ 1. Default: no such limit. */
  maxResponseTokens: {
    ...DECODING,
    ...wholeNumber(1),
    words: 'most tokens of the response, the drafted ones included',
  },
  /** What follows a draft that the base never took over. Default: `continue`, the paper's. */
  onNoSwitch: {
    ...DECODING,
    ...oneOf(['continue', 'stop']),
    value: '<what>',
    words: 'after a draft that the base never took over',
    default: 'continue',
    request: true,
    usedBy: 'switch',
  },
  /** The text of `urial`'s examples, in place of the project's own. */
  urialExamples: {
    ...DECODING,
    ...ANY_TEXT,
    value: '<file>',
    words: "examples for the strategy urial (default: the project's own)",
    file: 'content',
    usedBy: 'urial',
  },
  /** The prompt that the strategy `aligner`'s second model was trained with; `{question}` and `{answer}` stand in it. */
  alignerPrompt: {
    ...DECODING,
    ...ANY_TEXT,
    value: '<file>',
    words: 'prompt of the strategy aligner, with {question} and {answer} (default: that of the published Aligners)',
    file: 'content',
    usedBy: 'aligner',
  },
  /** A system message put first. */
  system: { ...DECODING, ...ANY_TEXT, value: '<text>', words: 'system message', recorded: true },
  /** Texts that end the response, also across the switch; never part of it. */
  stop: {
    ...DECODING,
    schema: z.array(wholeText).readonly(),
    takes: 'one or more texts that are not empty, in whole characters',
    form: 'list',
    value: '<text>',
    words: 'text that ends the response; may be given several times',
  },
  /** What happens where the response says the same passage of at least 12 tokens three times in a row. Default: `off`; `stop` in run and chat. */
  onLoop: {
    ...DECODING,
    ...oneOf(['stop', 'off']),
    value: '<what>',
    words: 'where the response says the same 12 tokens or more three times in a row (off, but in run and chat)',
  },
  /** T ≥ 0; 0 is greedy. Default: 0. */
  temperature: {
    ...SAMPLING,
    schema: z.number().gte(0),
    takes: 'a number of at least 0',
    words: 'randomness; 0 is greedy, the same to the last bit with --reproducible on',
    default: 0,
    request: true,
  },
  /** Sample from the most likely tokens that have this share together, in (0, 1]. */
  topP: {
    ...SAMPLING,
    ...POSITIVE_SHARE,
    words: 'sample from the most likely tokens that have this share',
    request: true,
  },
  /** Sample from this many tokens, a whole number ≥ 0; 0 is all. */
  topK: { ...SAMPLING, ...wholeNumber(0, MOST_INT), words: 'sample from this many tokens; 0 is all', request: true },
  /** Leave out tokens below this share of the most likely one, in [0, 1]. */
  minP: {
    ...SAMPLING,
    schema: z.number().gte(0).lte(1),
    takes: 'a number from 0 to 1',
    words: 'leave out tokens below this share of the most likely one',
    request: true,
  },
  /** Above 1, the last 64 tokens become less likely; above 0. */
  repetitionPenalty: {
    ...SAMPLING,
    schema: z.number().gt(0),
    takes: 'a number above 0',
    words: 'above 1: avoid the last 64 tokens',
    request: true,
  },
  /**
   * Makes sampling repeatable: a whole number of 32 bits without a sign. The same draws meet the same probabilities only
   * with `reproducible`; without it, earlier and concurrent requests can move logprobs by some tenths of a nat.
   */
  seed: {
    ...SAMPLING,
    schema: z
      .int()
      .gte(0)
      .lt(2 ** 32),
    takes: 'a whole number from 0 to 4294967295',
    value: '<n>',
    words: 'makes sampling repeatable; to the last bit with --reproducible on',
    request: z.int().describe('Makes sampling repeatable; taken modulo 2^32.'),
  },
  /** Guess tokens ahead and verify several at a time; speed only. Default: true. */
  speculate: {
    ...SAMPLING,
    ...ON_OFF,
    flag: 'speculation',
    words: 'guess tokens ahead and verify several at a time; speed only',
    default: 'on',
    effect: 'time',
  },
  /** Draft tokens between two scorings; speed only. Default: see `weakToStrong`. */
  chunkTokens: { ...wholeNumber(1), flag: 'chunk', words: 'draft tokens between two scorings', effect: 'time' },
  /**
   * Which drafted tokens come with the base's logprob and the criterion's value: `all`, or `deciding`, those whose logprob
   * the engine needed to know, which is faster on the CPU beside a large vocabulary. The response does not depend on it.
   * Default: `all`.
   */
  confidences: {
    ...oneOf(['all', 'deciding']),
    words: "which drafted tokens come with the base's logprob and the criterion's value",
    effect: 'time',
  },
} as const satisfies SettingTable;

/** How tokens are drawn: what an engine is told. */
export const SAMPLING_NAMES = Object.entries<Setting>(decodingSettings).flatMap(([name, { group, effect }]) =>
  group === SAMPLING.group && effect === 'text' ? [name as keyof SamplingParams] : [],
);

/** The settings that say how one response is decoded. */
export type DecodingSettings = Options<typeof decodingSettings>;

type Table = typeof decodingSettings;
type RecordedName =
  keyof SamplingParams | { [K in keyof Table]: Table[K] extends { readonly recorded: true } ? K : never }[keyof Table];

/** What a draft and its scores depend on, under every criterion: how tokens are drawn, and what says so itself. */
export const recordedSettings = Object.fromEntries(
  Object.entries<Setting>(decodingSettings).filter(
    ([name, { recorded }]) => recorded ?? SAMPLING_NAMES.some((each) => each === name),
  ),
) as Pick<Table, RecordedName>;
