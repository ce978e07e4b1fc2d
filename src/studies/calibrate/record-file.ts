import { settingName } from '../../core/setting-name.ts';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { ConfigError } from '../../core/errors.ts';
import { type DraftRecord, fromLine, toLine } from './draft-record.ts';

const FORMAT = 'wellbegun-calibration-1';

/** Everything that the drafts and their scores depend on, besides the prompts. */
export type RecordSettings = Readonly<Record<string, unknown>>;

/**
 * Drafts as the base saw them, a JSON line each after a line of settings. Written line by line, so what was recorded
 * outlives an interruption: opened again, it goes on where it was.
 */
export class RecordFile {
  readonly #path: string;
  readonly #byPrompt = new Map<string, DraftRecord[]>();

  /** @throws ConfigError for a file of other settings, or one that is no record */
  static async open(path: string, settings: RecordSettings): Promise<RecordFile> {
    const head = JSON.stringify({ format: FORMAT, ...settings });
    const source = await readIfThere(path);
    const whole = source.subarray(0, source.lastIndexOf(0x0a) + 1);
    const lines = whole.toString().split('\n').slice(0, -1);
    if (lines.length === 0) {
      if (source.length > 0) throw notRecord(path, 1);
      await writeFile(path, `${head}\n`);
      return new RecordFile(path, []);
    }
    if (!isHead(lines[0]!)) throw notRecord(path, 1);
    if (lines[0] !== head) {
      throw new ConfigError(
        'other-record',
        `${settingName('record')}: ${path} was recorded with other settings (${difference(lines[0]!, head)}): name another file, or give the same settings.`,
      );
    }
    const records = lines.slice(1).map((text, index) => readLine(text, path, index + 2));
    // What an interruption left of a line.
    if (whole.length < source.length) await truncate(path, whole.length);
    return new RecordFile(path, records);
  }

  private constructor(path: string, records: readonly DraftRecord[]) {
    this.#path = path;
    for (const record of records) this.#keep(record);
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

  async append(record: DraftRecord): Promise<void> {
    await appendFile(this.#path, toLine(record));
    this.#keep(record);
  }

  #keep(record: DraftRecord): void {
    this.#byPrompt.set(record.prompt, [...(this.#byPrompt.get(record.prompt) ?? []), record]);
  }
}

async function readIfThere(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return Buffer.alloc(0);
    throw new ConfigError('unreadable-file', `${settingName('record')}: ${path} can't be read (${message}).`, {
      cause,
    });
  }
}

function readLine(text: string, path: string, number: number): DraftRecord {
  try {
    return fromLine(text);
  } catch (cause) {
    throw notRecord(path, number, cause);
  }
}

function notRecord(path: string, line: number, cause?: unknown): ConfigError {
  return new ConfigError(
    'bad-record',
    `${settingName('record')}: line ${line} of ${path} is not what calibrate writes: remove it, or name another file.`,
    { cause },
  );
}

function isHead(text: string): boolean {
  try {
    return (JSON.parse(text) as { format?: unknown } | null)?.format === FORMAT;
  } catch {
    return false;
  }
}

/** The names of the settings that differ. */
function difference(before: string, now: string): string {
  const [a, b] = [before, now].map((text) => JSON.parse(text) as RecordSettings);
  const names = new Set([...Object.keys(a!), ...Object.keys(b!)]);
  return [...names].filter((name) => JSON.stringify(a![name]) !== JSON.stringify(b![name])).join(', ');
}
