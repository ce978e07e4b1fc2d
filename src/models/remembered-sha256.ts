import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { cacheDirectory } from './cache-directory.ts';
import { computeSha256 } from './compute-sha256.ts';

/** Below this a file is hashed faster than it is worth remembering. */
const REMEMBERED_BYTES = 16 * 1024 * 1024;

const HASH = /^[0-9a-f]{64}$/;

/**
 * SHA-256 of a file's content. That of a large one is kept in the cache, by the file's path, size and times of change, so
 * that a model is read once for it and not before each run.
 */
export async function rememberedSha256(path: string, cache: string = cacheDirectory()): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true });
  if (size < REMEMBERED_BYTES) return await computeSha256(path);
  const identity = [resolve(path), size, mtimeNs, ctimeNs, ino].join('|');
  const note = join(cache, 'file-hashes', createHash('sha256').update(identity).digest('hex'));
  const known = await readFile(note, 'utf8').catch(() => '');
  if (HASH.test(known)) return known;
  const sha256 = await computeSha256(path);
  // A cache that can't be written only costs another reading.
  await mkdir(dirname(note), { recursive: true })
    .then(() => writeFile(note, sha256))
    .catch(() => undefined);
  return sha256;
}
