import { settingName } from '../../core/setting-name.ts';
import { ConfigError, ContextOverflowError } from '../../core/errors.ts';
import { fingerprintOf } from '../../assembly/run-fingerprint.ts';
import { serverNames } from '../../assembly/server-names.ts';
import { samplingOf } from '../../assembly/decode.ts';
import { checkSettings } from '../../settings/check-settings.ts';
import { recordedSettings } from '../../settings/decoding.ts';
import { loadModels, type Pair } from '../../assembly/load-pair.ts';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import type { DraftRecord } from './draft-record.ts';
import { recordDraft, type RecordedPair, type RecordOptions } from './record-draft.ts';
import { RecordFile } from './record-file.ts';

export interface RecordPromptsOptions {
  /** The record file. */
  readonly path: string;
  readonly models: ModelSettings;
  readonly decoding: RecordOptions;
  /** Told what happens, a line at a time. */
  readonly notice: (text: string) => void;
}

/**
 * The records of these prompts: from the file as far as they are there, the rest now, each written to the file when it
 * is done. The models are loaded only if something is missing. A prompt that does not fit a context is left out.
 *
 * @throws ConfigError for a setting that is wrong, for a file of other settings, or when no prompt is left; see `loadModels` and `recordDraft`
 */
export async function recordPrompts(
  prompts: readonly string[],
  { path, models, decoding, notice }: RecordPromptsOptions,
): Promise<DraftRecord[]> {
  checkSettings(recordedSettings, decoding, ['signal']);
  const fingerprint = await fingerprintOf(dependingOn(models, decoding));
  await using file = await RecordFile.open(path, { fingerprint, notice, signal: decoding.signal });
  const known = file.recordsOf(prompts);
  const missing = prompts.filter((_, index) => known[index] === undefined);
  if (missing.length < prompts.length) {
    notice(`${prompts.length - missing.length} of ${prompts.length} prompts are in ${path} already.`);
  }
  if (missing.length > 0) {
    const loading = { reproducible: 'where-possible' } as const;
    const pair = (await loadModels(models, ['base', 'draft'], loading)) as Pair;
    try {
      file.dependsOn(serverNames(models, pair));
      await recordMissing(missing, { pair, file, path, decoding, notice });
    } finally {
      await pair.close();
    }
  }
  const records = file.recordsOf(prompts).filter((record) => record !== undefined);
  if (records.length > 0) return records;
  throw new ConfigError(
    'no-prompts',
    `No prompt fits the context of both models: shorten them, or raise ${settingName('context')}.`,
  );
}

interface Work extends Pick<RecordPromptsOptions, 'path' | 'decoding' | 'notice'> {
  readonly pair: RecordedPair;
  readonly file: RecordFile;
}

/** Records prompt after prompt. */
export async function recordMissing(prompts: readonly string[], work: Work): Promise<void> {
  const { pair, file, path, decoding, notice } = work;
  const start = performance.now();
  for (const [index, prompt] of prompts.entries()) {
    try {
      const record = await recordDraft(pair, prompt, decoding);
      await file.append(record);
      const seconds = ((performance.now() - start) / 1000 / (index + 1)) * (prompts.length - index - 1);
      const drafted = `${record.times.draftTokens} drafted tokens`;
      notice(`Recorded ${index + 1} of ${prompts.length}: ${drafted}, about ${Math.ceil(seconds)} s left.`);
    } catch (error) {
      if (error instanceof ContextOverflowError)
        notice(`A prompt is left out (${prompt.slice(0, 40)}…): ${error.message}`);
      else {
        if (index > 0) notice(`${index} more prompts are in ${path}: the same command goes on there.`);
        throw error;
      }
    }
  }
}

/**
 * What a record depends on. Not the threads, nor the place of the layers: they change the times alone. Numbers of the
 * usual kind are left out, for records of earlier versions know no others.
 */
function dependingOn(models: ModelSettings, decoding: RecordOptions) {
  const { base, draft, tokenizer, template, draftTemplate, context, kvType, repack, reproducible } = models;
  const numbers = {
    ...(kvType !== 'f16' && { kvType }),
    ...(repack && { repack }),
    ...(reproducible && { reproducible }),
  };
  return { base, draft, tokenizer, template, draftTemplate, context, ...numbers, ...decoding, ...samplingOf(decoding) };
}
