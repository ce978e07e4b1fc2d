import { settingName } from '../../core/setting-name.ts';
import type { Fingerprint } from '../../recording/fingerprint.ts';
import { openRecording, type Recording } from '../../recording/open-recording.ts';
import { type DraftRecord, fromLine, toLine } from './draft-record.ts';

/** Of versions that wrote the settings as the file's first line. */
const EARLIER_FORMAT = 'wellbegun-calibration-1';

export interface RecordFileOptions {
  /** Everything that the drafts and their scores depend on, besides the prompts. */
  readonly fingerprint: Fingerprint;
  readonly notice?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Drafts as the base saw them: a recording, of which a prompt may have several. */
export class RecordFile implements AsyncDisposable {
  readonly #recording: Recording<DraftRecord, string>;
  readonly #byPrompt: ReadonlyMap<string, readonly DraftRecord[]>;

  /** @throws ConfigError for a file of other settings, one that is no record, or one that is being written */
  static async open(path: string, options: RecordFileOptions): Promise<RecordFile> {
    const byPrompt = new Map<string, DraftRecord[]>();
    const recording = await openRecording<DraftRecord, string>(path, {
      ...options,
      writer: 'calibrate',
      elsewhere: `name another file with ${settingName('record')}`,
      parse: (text) => orUndefined(() => fromLine(text)),
      headOf: (text) => orUndefined(() => headOf(text)),
      idOf: ({ prompt }) => prompt,
      onItem: (record) => byPrompt.set(record.prompt, [...(byPrompt.get(record.prompt) ?? []), record]),
    });
    return new RecordFile(recording, byPrompt);
  }

  private constructor(
    recording: Recording<DraftRecord, string>,
    byPrompt: ReadonlyMap<string, readonly DraftRecord[]>,
  ) {
    this.#recording = recording;
    this.#byPrompt = byPrompt;
  }

  /** The records of these prompts; a prompt that is there twice has two. Missing ones are undefined. */
  recordsOf(prompts: readonly string[]): (DraftRecord | undefined)[] {
    const taken = new Map<string, number>();
    return prompts.map((prompt) => {
      const index = taken.get(prompt) ?? 0;
      taken.set(prompt, index + 1);
      return this.#byPrompt.get(prompt)?.[index];
    });
  }

  /** See `Recording`. @throws ConfigError */
  dependsOn(models: Fingerprint): void {
    this.#recording.dependsOn(models);
  }

  /** Resolves once the record is on the disk. */
  async append(record: DraftRecord): Promise<void> {
    await this.#recording.append(record, toLine(record));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#recording.close();
  }
}

function headOf(text: string): Fingerprint | undefined {
  const { format, ...settings } = JSON.parse(text) as Fingerprint;
  return format === EARLIER_FORMAT ? settings : undefined;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
