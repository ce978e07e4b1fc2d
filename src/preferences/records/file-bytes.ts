import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';

const CHUNK_BYTES = 256 * 1024;

export interface ReadOptions {
  /** Of texts, as TextDecoder names it. Default: UTF-8, or UTF-16 where a byte order mark says so. */
  readonly encoding?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The first four bytes of a file, fewer where it is shorter. @throws ConfigError where it can't be read */
export async function beginningOf(path: string): Promise<Buffer> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** By gzip. */
export function isPacked([first, second]: Buffer): boolean {
  return first === 0x1f && second === 0x8b;
}

/**
 * A file's bytes: unpacked where it is packed by gzip, and as UTF-8 where its text has another encoding.
 *
 * @throws ConfigError for a file that can't be read, is cut off, or has bytes that the named encoding does not know
 */
export async function* fileBytes(path: string, options: ReadOptions = {}): AsyncGenerator<Buffer, void, void> {
  const file = await openStream(path, options.signal);
  let decoder: TextDecoder | undefined;
  let isFirst = true;
  try {
    for await (const chunk of file as AsyncIterable<Buffer>) {
      if (isFirst) decoder = decoderOf(options.encoding ?? encodingOf(chunk));
      isFirst = false;
      yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
    }
    if (decoder) yield Buffer.from(decoder.decode());
  } catch (cause) {
    throw unreadable(path, cause, decoder?.encoding);
  } finally {
    file.destroy();
  }
}

async function openStream(path: string, signal: AbortSignal | undefined): Promise<Readable> {
  const packed = isPacked(await beginningOf(path));
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) });
  return packed ? pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined) : file;
}

/** By the byte order mark. */
function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** UTF-8 is decoded record by record, so that a bad one harms no other. */
function decoderOf(encoding: string): TextDecoder | undefined {
  return /^utf-?8$/i.test(encoding) ? undefined : new TextDecoder(encoding, { fatal: true });
}

function unreadable(path: string, cause: unknown, encoding = ''): Error {
  const { code = '', name, message } = cause as NodeJS.ErrnoException;
  if (name === 'AbortError' || cause instanceof ConfigError) return cause as Error;
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
    return refusal(`${path} is not ${encoding} throughout: name its encoding with ${settingName('encoding')}`, cause);
  if (code === 'Z_BUF_ERROR') return refusal(`${path} is cut off in the middle of its gzip data: get it again`, cause);
  if (code.startsWith('Z_')) return refusal(`${path} has damaged gzip data (${message}): get it again`, cause);
  const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder' };
  return refusal(`${path} can't be read (${reasons[code] ?? message}): name another file`, cause);
}

function refusal(sentence: string, cause: unknown): ConfigError {
  return new ConfigError('unreadable-data', `${sentence}.`, { cause });
}
