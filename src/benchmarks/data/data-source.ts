import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ConfigError } from '../../core/errors.ts';
import { cacheDirectory } from '../../models/cache-directory.ts';
import { pullFile } from '../../models/pull-file.ts';
import { silentProgress, type PullProgress } from '../../models/pull-progress.ts';
import type { WantedFile } from '../../models/wanted-file.ts';
import type { DataFile } from './data-file.ts';

export interface DataSourceOptions {
  /** A folder with files as their authors publish them, asked before the cache. */
  readonly folder?: string | undefined;
  /** Default: wellbegun's. */
  readonly cache?: string | undefined;
  readonly progress?: PullProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where the files of benchmarks come from: a folder, the cache, or their public places, in this order. */
export class DataSource {
  readonly #folder: string | undefined;
  readonly #cache: string;
  readonly #progress: PullProgress;
  readonly #signal: AbortSignal | undefined;

  constructor({ folder, cache = cacheDirectory(), progress = silentProgress, signal }: DataSourceOptions = {}) {
    this.#folder = folder;
    this.#cache = cache;
    this.#progress = progress;
    this.#signal = signal;
  }

  /**
   * The bytes of a file, uncompressed where its name ends with `.gz`.
   *
   * @throws ConfigError where the folder has another file of this name; ModelFileError where the cache has
   * @throws DownloadError where it is nowhere here and can't be fetched
   */
  async read(file: DataFile): Promise<Buffer> {
    const bytes = (await this.#readFolder(file)) ?? (await readFile(await this.#pull(file)));
    return file.name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  }

  /** The same as text, without a byte order mark. */
  async readText(file: DataFile): Promise<string> {
    return new TextDecoder(file.encoding).decode(await this.read(file));
  }

  /** The values of a file of JSON lines. */
  async readLines(file: DataFile): Promise<unknown[]> {
    const lines = (await this.readText(file)).split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => JSON.parse(line) as unknown);
  }

  /** Whether it can be read without network; a file with another hash can't. */
  async has(file: DataFile): Promise<boolean> {
    try {
      if (await this.#readFolder(file)) return true;
      const cached = { ...this.#wanted(file), sources: [] };
      return (await pullFile(cached, this.#pullOptions())) !== undefined;
    } catch {
      return false;
    }
  }

  /** Some folders keep a file compressed that is published as it is. */
  async #readFolder(file: DataFile): Promise<Buffer | undefined> {
    if (this.#folder === undefined) return undefined;
    const path = join(this.#folder, file.name);
    const plain = await readIfThere(path);
    if (plain) return assertHash(plain, file, path);
    const packed = file.name.endsWith('.gz') ? undefined : await readIfThere(`${path}.gz`);
    return packed && assertHash(unpacked(packed, `${path}.gz`), file, `${path}.gz`);
  }

  async #pull(file: DataFile): Promise<string> {
    return (await pullFile(this.#wanted(file), this.#pullOptions()))!;
  }

  #pullOptions() {
    return { cache: this.#cache, progress: this.#progress, signal: this.#signal, env: process.env };
  }

  #wanted({ name, url, sizeBytes, sha256 }: DataFile): WantedFile {
    const lacking = this.#folder === undefined ? '' : ` (${this.#folder} does not)`;
    return {
      model: name,
      path: join(this.#cache, 'benchmarks', name),
      expected: { sizeBytes, sha256 },
      sources: [{ kind: 'url', url }],
      wayOut: `name a folder that has it with --data-dir${lacking}`,
    };
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ConfigError('unreadable-data', `${path} can't be read (${code ?? 'unknown reason'}): make it readable.`, {
      cause,
    });
  }
}

function unpacked(bytes: Buffer, path: string): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new ConfigError('wrong-data', `${path} is not a whole gzip file: put the published file there.`, { cause });
  }
}

/** @throws ConfigError that names the file */
export function assertHash(bytes: Buffer, { name, sha256, url }: DataFile, path: string): Buffer {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual === sha256) return bytes;
  const message = `${path} is not the published ${name} (its SHA-256 is ${actual} instead of ${sha256}): put the one from ${url} there.`;
  throw new ConfigError('wrong-data', message);
}
