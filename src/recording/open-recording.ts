import { stat } from 'node:fs/promises';
import { ConfigError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';
import { settingOfKey } from '../settings/names.ts';
import { withStorageErrors } from '../storage/storage-error.ts';
import { DurableFile } from './durable-file.ts';
import { differences, type Fingerprint } from './fingerprint.ts';
import { lockRecording, type RecordingWords } from './lock-recording.ts';
import { readAppended } from './read-appended.ts';
import {
  createState,
  readState,
  type RecordingInput,
  type RecordingState,
  statePath,
  writeState,
} from './recording-state.ts';
import { removeItems } from './remove-items.ts';

/** What holds ids: a `Set`, or something smaller. */
export interface IdSet<Id> {
  has(id: Id): boolean;
  add(id: Id): unknown;
  readonly size: number;
}

export interface RecordingOptions<Item, Id> extends RecordingWords {
  /** Left out where each item says itself what it depends on: then there is no state beside the file. */
  readonly fingerprint?: Fingerprint | undefined;
  /** The file whose lines are asked, if there is one. */
  readonly input?: RecordingInput | undefined;
  /** Undefined for a line that is none of this recording's. */
  readonly parse: (text: string) => Item | undefined;
  readonly idOf: (item: Item) => Id;
  readonly hasFailed?: (item: Item) => boolean;
  /** Forget failures; they are taken out of the file when the first item is appended. */
  readonly retryFailed?: boolean | undefined;
  /** Makes the set that ids are kept in. Default: a `Set`. */
  readonly ids?: () => IdSet<Id>;
  /** Told of each item that is on the disk, those of earlier runs first. */
  readonly onItem?: (item: Item) => void;
  /** What versions that kept the fingerprint in the first line wrote there; undefined for another line. */
  readonly headOf?: (text: string) => Fingerprint | undefined;
}

/** Items that outlive an interruption, a JSON line each. */
export interface Recording<Item, Id> extends AsyncDisposable {
  /** Whether this item is there, and not to be made again. */
  has(id: Id): boolean;
  /** How many are there, failures among them. */
  readonly size: number;
  /** How many of them are failures. */
  readonly failed: number;
  /**
   * What is known only once models are open: the names that servers give theirs, by role.
   *
   * @throws ConfigError if earlier items were made with others
   */
  dependsOn(models: Fingerprint): void;
  /**
   * Resolves once the item is on the disk, not only in its cache. The first one begins the file.
   *
   * @param text its line, without the end. Default: the item as JSON
   * @throws WellbegunError `disk-full` or `unwritten-file`
   */
  append(item: Item, text?: string): Promise<void>;
  /** Lets others write; to be called once nothing is appended any more. */
  close(): Promise<void>;
}

/**
 * Reads what earlier runs left, and keeps others from writing until it is closed. Changes nothing until the first item
 * is appended. A torn last line is cut off then.
 *
 * @throws ConfigError for a file that was made from something else, is none of this kind, or is being written
 */
export async function openRecording<Item, Id>(
  path: string,
  options: RecordingOptions<Item, Id>,
): Promise<Recording<Item, Id>> {
  const unlock = await lockRecording(path, options);
  try {
    const recording = new FileRecording(path, options, unlock);
    await recording.read();
    return recording;
  } catch (error) {
    await unlock();
    throw error;
  }
}

class FileRecording<Item, Id> implements Recording<Item, Id> {
  readonly #path: string;
  readonly #options: RecordingOptions<Item, Id>;
  readonly #unlock: () => Promise<void>;
  readonly #ids: IdSet<Id>;
  readonly #failedIds: IdSet<Id>;
  #state: RecordingState | undefined;
  #before: RecordingState | undefined;
  /** As much of the file is whole lines. */
  #sizeBytes = 0;
  #hasOpenFailures = false;
  #file: Promise<DurableFile> | undefined;

  constructor(path: string, options: RecordingOptions<Item, Id>, unlock: () => Promise<void>) {
    const { fingerprint, input, ids = () => new Set<Id>() } = options;
    this.#path = path;
    this.#options = options;
    this.#unlock = unlock;
    this.#ids = ids();
    this.#failedIds = ids();
    this.#state = fingerprint && createState(fingerprint, input);
  }

  get size(): number {
    return this.#ids.size;
  }

  get failed(): number {
    return this.#failedIds.size;
  }

  has(id: Id): boolean {
    return this.#ids.has(id);
  }

  async read(): Promise<void> {
    const sizeBytes = (await stat(this.#path).catch(() => undefined))?.size ?? 0;
    if (sizeBytes === 0) return;
    const { headOf, writer, elsewhere } = this.#options;
    if (this.#state) this.#before = await readState(this.#path);
    if (this.#before) this.#assertSame(this.#before);
    else if (!headOf) this.#assertKnown();
    this.#sizeBytes = await readAppended(this.#path, {
      parse: (text) => this.#parse(text),
      onEntry: (take) => take(),
      foreign: (line) =>
        new ConfigError(
          'bad-output',
          `Line ${line} of ${this.#path} is not what ${writer} writes: remove that line, or ${elsewhere}.`,
        ),
    });
    this.#assertKnown();
  }

  dependsOn(models: Fingerprint): void {
    if (!this.#state) return;
    this.#refuse(differences(this.#before?.models ?? models, models));
    this.#state = { ...this.#state, models };
  }

  async append(item: Item, text: string = JSON.stringify(item)): Promise<void> {
    const file = await (this.#file ??= withStorageErrors(this.#path, () => this.#begin()));
    await file.append(`${text}\n`);
    this.#take(item);
  }

  async close(): Promise<void> {
    const file = await this.#file?.catch(() => undefined);
    await file?.close();
    await this.#unlock();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #begin(): Promise<DurableFile> {
    if (this.#state) await writeState(this.#path, this.#state);
    if (this.#hasOpenFailures) {
      this.#sizeBytes = await removeItems(this.#path, this.#sizeBytes, (text) => this.#isFailure(text));
    }
    return await DurableFile.open(this.#path, this.#sizeBytes);
  }

  #isFailure(text: string): boolean {
    const { parse, hasFailed } = this.#options;
    const item = parse(text);
    return item !== undefined && (hasFailed?.(item) ?? false);
  }

  /** What is to be done about a line; undefined for one that is none. */
  #parse(text: string): (() => void) | undefined {
    const { parse, headOf, hasFailed, retryFailed } = this.#options;
    const head = headOf?.(text);
    if (head) return () => this.#takeHead(head);
    const item = parse(text);
    if (item === undefined) return undefined;
    return () => {
      this.#assertKnown();
      if (retryFailed && hasFailed?.(item)) this.#hasOpenFailures = true;
      else this.#take(item);
    };
  }

  /** Where the state is beside the file by now, that one counts. */
  #takeHead(settings: Fingerprint): void {
    if (!this.#before) this.#assertSame((this.#before = { settings }));
  }

  #take(item: Item): void {
    const { idOf, hasFailed, onItem } = this.#options;
    const id = idOf(item);
    this.#ids.add(id);
    if (hasFailed?.(item)) this.#failedIds.add(id);
    onItem?.(item);
  }

  #assertSame(before: RecordingState): void {
    const { input, elsewhere } = this.#options;
    if (input && before.input?.sha256 !== input.sha256) {
      throw new ConfigError(
        'other-input',
        `${this.#path} was begun with another ${input.file} (${before.input?.lines} lines, now ${input.lines}): ${elsewhere}, restore the input, or remove ${this.#path} to begin anew.`,
      );
    }
    this.#refuse(differences(before.settings, this.#state!.settings));
  }

  #refuse(names: readonly string[]): void {
    if (names.length === 0) return;
    throw new ConfigError(
      'other-settings',
      `${this.#path} was begun with other settings (${names.map(spelledName).join(', ')}): give the same ones, ${this.#options.elsewhere}, or remove ${this.#path} to begin anew.`,
    );
  }

  #assertKnown(): void {
    if (!this.#state || this.#before) return;
    const { writer, elsewhere } = this.#options;
    throw new ConfigError(
      'foreign-output',
      `${this.#path} is there already and ${statePath(this.#path)}, which says what ${writer} made it from, is missing or damaged: ${elsewhere}, or remove ${this.#path}.`,
    );
  }
}

/** What the recording itself knows besides settings stands as it is. */
function spelledName(name: string): string {
  return settingOfKey(name) ? settingName(name) : name;
}
