import { modelsNeeded, textsAtOnce } from '../assembly/create-strategy.ts';
import { loadModels } from '../assembly/load-pair.ts';
import type { DecodeOptions } from '../assembly/decode-options.ts';
import type { ModelSettings } from '../assembly/model-settings.ts';
import { fingerprintOf } from '../assembly/run-fingerprint.ts';
import { serverNames } from '../assembly/server-names.ts';
import { settingName } from '../core/setting-name.ts';
import type { Spelling } from '../recording/failure.ts';
import type { Fingerprint } from '../recording/fingerprint.ts';
import { assertInput, outputPath } from './batch-places.ts';
import { answerBatch, type Batch, type BatchCount, type BatchWatch, isComplete, openBatch } from './open-batch.ts';
import { scanInput } from './scan-input.ts';
import { needsIndex } from './select-lines.ts';
import { withUnchangedInputs } from './unchanged-input.ts';

export interface BatchOptions {
  /** A file of JSON lines: `{"prompt"}`, `{"messages"}`, `{"context"}`, or those of OpenAI's batches. */
  readonly input: string;
  /** The output file, a line for each that is answered. The same call goes on where an earlier one ended. */
  readonly output: string;
  readonly models: ModelSettings;
  /** What lines leave open. */
  readonly decoding: DecodeOptions;
  /** All that responses depend on besides their lines. Default: the models' settings and those of decoding. */
  readonly fingerprint?: Fingerprint;
  /** Lines that are answered at the same time. Default: 4. */
  readonly concurrency?: number;
  /** Answer the first lines only, after shuffling. */
  readonly limit?: number | undefined;
  /** Leave out so many lines before them. Default: 0. */
  readonly skip?: number | undefined;
  /** Answer them in an order that this whole number decides. */
  readonly shuffleSeed?: number | undefined;
  /** Answer earlier failures anew. */
  readonly retryFailed?: boolean | undefined;
  /** Write every token. */
  readonly tokens?: boolean | undefined;
  readonly signal?: AbortSignal;
  /** How failures call settings. Default: as the library does. */
  readonly spelling?: Spelling | undefined;
  /** Told what takes a while; what it gives is called at the end of it. */
  readonly announce?: ((text: string) => () => void) | undefined;
  /** Told why nothing happens for a while. */
  readonly notice?: ((text: string) => void) | undefined;
  readonly watch?: BatchWatch;
}

/**
 * Answers every line of a file that no earlier run did.
 *
 * @returns what is there at the end
 * @throws ConfigError for places and settings that can't be; see `loadModels` and `answerBatch`
 */
export async function runBatch(options: BatchOptions): Promise<BatchCount> {
  const { input, output, signal = new AbortController().signal } = options;
  await assertInput(input);
  const path = await outputPath(output, input);
  return await withUnchangedInputs([input], output, async () => {
    const { announce } = options;
    const scan = await scanInput(input, { indexed: needsIndex(options), signal, announce });
    const { concurrency = 4, fingerprint = await fingerprintOf({ ...options.models, ...options.decoding }) } = options;
    const words = { writer: 'batch', elsewhere: `name another file with ${settingName('output')}` };
    const batch = await openBatch({ ...options, ...words, scan, path, fingerprint, concurrency, signal });
    try {
      if (isComplete(batch)) return await answerBatch(batch, undefined, options.watch);
      return await answerByModels(batch, options);
    } finally {
      await batch.output.close();
    }
  });
}

async function answerByModels(batch: Batch, { models: settings, watch }: BatchOptions): Promise<BatchCount> {
  const { concurrency, decoding } = batch.job;
  const strategy = decoding.strategy ?? 'wsd';
  const named = { ...settings, parallel: concurrency };
  const models = await loadModels(named, modelsNeeded(strategy, named), { textsAtOnce: textsAtOnce(strategy) });
  try {
    batch.output.dependsOn(serverNames(named, models));
    return await answerBatch(batch, models, watch);
  } finally {
    await models.close();
  }
}
