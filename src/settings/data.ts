import { z } from 'zod';
import { oneOf, TEXT } from './rules.ts';
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
