import { basename } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import type { ImportSettings } from '../../settings/data.ts';
import { readFields } from '../forms/form.ts';
import { FORMS, type FormName, formOf, unknownForm } from '../forms/forms.ts';
import type { PreferencePair } from '../preference-pair.ts';
import { type DataRecord, type Fields, UnusableRecord } from '../records/data-record.ts';
import { readRecords } from '../records/read-records.ts';
import { type FileSettings, fileSettings } from './file-settings.ts';
import { toPreferencePair } from './to-preference-pair.ts';

export interface ReadRecord {
  /** Undefined as long as no record could be read. */
  readonly form: FormName | undefined;
  /** The file's name and the line or row. */
  readonly origin: string;
  /** Its pairs, and why it gives none, or one less. */
  readonly found: readonly (PreferencePair | UnusableRecord)[];
}

export interface ReadPairsOptions extends ImportSettings {
  readonly signal?: AbortSignal | undefined;
}

/**
 * The pairs of a file's records, one record after another. The form is that of the first record that can be read.
 *
 * @throws ConfigError for a file that can't be read or has no known form, and for what has to be told of it
 */
export async function* readPairs(path: string, options: ReadPairsOptions): AsyncGenerator<ReadRecord, void, void> {
  const [first, last] = (options.lines ?? `1-${Number.MAX_SAFE_INTEGER}`).split('-').map(Number) as [number, number];
  let form = options.form as FormName | undefined;
  let settings: FileSettings | undefined;
  for await (const { number, content } of readRecords(path, options)) {
    if (number < first) continue;
    if (number > last) return;
    const origin = `${basename(path)}:${number}`;
    if (content instanceof UnusableRecord) {
      yield { form, origin, found: [content] };
      continue;
    }
    form ??= knownForm(path, number, content);
    settings ??= fileSettings(path, form, options);
    yield { form, origin, found: pairsOf(path, form, { origin, content, settings }) };
  }
}

function knownForm(path: string, number: number, fields: Fields): FormName {
  const form = formOf(fields);
  if (form === undefined) throw unknownForm(path, number, fields);
  return form;
}

interface Readable {
  readonly origin: string;
  readonly content: Exclude<DataRecord['content'], UnusableRecord>;
  readonly settings: FileSettings;
}

function pairsOf(path: string, name: FormName, { origin, content, settings }: Readable) {
  const form = FORMS[name];
  const found = usable(() => form.pairsOf(readFields(form, content), settings.dimension));
  if (found instanceof UnusableRecord) return [found];
  return found.map((pair) => {
    const dimension = pair.dimension ?? settings.dimension;
    const licence = pair.licence ?? settings.licence;
    if (dimension === undefined) throw untold(path, 'dimension', 'in what the chosen responses are better');
    if (licence === undefined) throw untold(path, 'licence', 'under which licence it is');
    return usable(() => toPreferencePair(pair, { dimension, licence, source: settings.source, origin }));
  });
}

function usable<T>(read: () => T): T | UnusableRecord {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnusableRecord) return error;
    throw error;
  }
}

function untold(path: string, setting: string, what: string): ConfigError {
  return new ConfigError(`no-${setting}`, `${path} does not say ${what}: say it with ${settingName(setting)}.`);
}
