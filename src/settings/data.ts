import { z } from 'zod';
import { decodingSettings } from './decoding.ts';
import { MOST_INT, oneOf, POSITIVE_SHARE, TEXT, wholeNumber } from './rules.ts';
import type { Options, SettingTable } from './setting.ts';

const DATA = { group: 'Options:', effect: 'neither' } as const;

/** How preference data is imported. */
export const importSettings = {
  /** A name of `FORM_NAMES`. Default: what the first record looks like. */
  form: { ...DATA, ...TEXT, value: '<name>', words: 'form of the records (default: what the first one looks like)' },
  /** In what the chosen responses are better, where the data does not say it. */
  dimension: {
    ...DATA,
    ...oneOf(['harmless', 'helpful', 'honest']),
    value: '<name>',
    words: 'in what the chosen responses are better, where the data does not say it',
  },
  /** Default: that of the form. */
  source: { ...DATA, ...TEXT, value: '<text>', words: 'name of the data set (default: that of the form)' },
  /** Default: that of the form. */
  licence: { ...DATA, ...TEXT, value: '<text>', words: 'licence of the data set (default: that of the form)' },
  /** As TextDecoder names it. Default: UTF-8. */
  encoding: {
    ...DATA,
    schema: z.string().refine(isEncoding),
    takes: 'the name of an encoding, such as utf-8 or gb18030',
    value: '<name>',
    words: 'encoding of the texts (default: utf-8)',
  },
  /** Numbers of the first and the last record that are taken, from 1: `1001-2012`. Default: all. */
  lines: {
    ...DATA,
    schema: z.string().refine(isRange),
    takes: 'the first and the last line, such as 1001-2012',
    value: '<range>',
    words: 'take these lines or rows only, such as 1001-2012',
  },
  /** Where every record that was dropped is listed with its reason, as JSON lines. */
  dropped: { ...DATA, ...TEXT, value: '<file>', words: 'list every dropped line there, with its reason' },
} as const satisfies SettingTable;

/** How preference data is checked. */
export const dataCheckSettings = {
  /** How much of the words two pairs must share to be near duplicates, above 0 and at most 1. Default: 0.8. */
  nearDuplicates: {
    ...DATA,
    ...POSITIVE_SHARE,
    form: 'number',
    value: '<number>',
    words: 'share of runs of five words that two pairs have in common from which they are near duplicates',
    default: 0.8,
  },
  /** Most tokens of a prompt with its response that training keeps. Default: 1024, as in TRL. */
  maxLength: {
    ...DATA,
    ...wholeNumber(1, MOST_INT),
    words: 'with --tokenizer: most tokens of a prompt with its response that training keeps',
    default: 1024,
  },
  /** Where the pairs without findings are written. */
  fix: { ...DATA, ...TEXT, value: '<file>', words: 'write the pairs there that nothing is wrong with' },
  /** Where the other ones are listed. Default: beside `fix`. */
  removed: {
    ...DATA,
    ...TEXT,
    value: '<file>',
    words: 'with --fix: list there what is left out and why (default: FIX.removed.jsonl)',
  },
} as const satisfies SettingTable;

/** How preference data is mixed. */
export const mixSettings = {
  shares: {
    ...DATA,
    ...TEXT,
    personOnly: true,
    value: '<shares>',
    words: 'shares of the dimensions, such as harmless=0.4,helpful=0.4,honest=0.2 (default: as they come)',
  },
  splits: {
    ...DATA,
    ...TEXT,
    personOnly: true,
    value: '<shares>',
    words: 'names and shares of the splits, which have no prompt in common',
    default: 'train=0.9,validation=0.1',
  },
  /** Pairs of all splits together. Default: as many as the shares let. */
  pairs: { ...DATA, ...wholeNumber(1, MOST_INT), words: 'how many pairs (default: as many as the shares let)' },
  /** Decides the order, the splits and which pairs are taken. Default: 0. */
  seed: decodingSettings.seed,
} as const satisfies SettingTable;

/** How pairs are made of recorded responses. */
export const synthSettings = {
  /** How far the best and the worst response must be apart, on the reward model's own scale. Default: 0. */
  margin: {
    ...DATA,
    schema: z.number().gte(0),
    takes: 'a number of at least 0',
    form: 'number',
    value: '<number>',
    words: "how far the rewards of the best and the worst response must be apart, on the reward model's own scale",
    default: 0,
  },
  /** Default: `synth`. */
  source: importSettings.source,
  /** Where rewards are kept. Default: beside the output. */
  record: {
    ...DATA,
    ...TEXT,
    value: '<file>',
    words: 'where rewards are kept; a later run goes on there (default: OUTPUT.rewards.jsonl)',
  },
} as const satisfies SettingTable;

export type SynthSettings = Options<typeof synthSettings>;

export type MixSettings = Options<typeof mixSettings>;

export type CheckSettings = Options<typeof dataCheckSettings>;

export type ImportSettings = Options<typeof importSettings>;

function isEncoding(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}

function isRange(text: string): boolean {
  const [, first, last] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  return Number(first) >= 1 && Number(first) <= Number(last);
}
