import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { SourceFailure } from '../source-failure.ts';
import { diskFullError, withStorageErrors } from '../storage-error.ts';
import type { PipCommand } from './find-pip.ts';
import { runProcess } from '../run-process.ts';
import { watchFolder } from './watch-folder.ts';

export interface DownloadWheelOptions {
  /** An empty folder; what pip writes lies inside, its temporary files included. */
  folder: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Bytes of the largest file that pip has written so far. */
  onBytes: (bytes: number) => void;
}

const OPTIONS = [
  '--no-deps',
  '--only-binary=:all:',
  '--no-cache-dir',
  '--progress-bar',
  'off',
  '--no-input',
  '--disable-pip-version-check',
];

/**
 * Path of the wheel of `name==version`, from wherever the user's pip gets its packages. No code of it runs.
 *
 * @throws SourceFailure with pip's last words.
 */
export async function downloadWheel(pip: PipCommand, pinned: string, options: DownloadWheelOptions): Promise<string> {
  const { folder, signal, onBytes } = options;
  const destination = join(folder, 'wheel');
  const temporary = join(folder, 'temporary');
  await withStorageErrors(folder, undefined, async () => {
    await mkdir(destination);
    await mkdir(temporary);
  });
  const env: NodeJS.ProcessEnv = { ...options.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary };
  delete env['HF_TOKEN'];
  const stopWatching = watchFolder(folder, onBytes);
  const result = await runProcess([...pip, 'download', ...OPTIONS, '--dest', destination, pinned], {
    env,
    signal,
  }).finally(stopWatching);
  if (result.exitCode !== 0) throw describePipFailure(result.errorOutput, pinned, folder);
  const wheel = (await readdir(destination)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new SourceFailure(`pip brought no wheel for ${pinned}`);
  return join(destination, wheel);
}

function describePipFailure(output: string, pinned: string, folder: string): Error {
  if (/Errno 28|No space left/i.test(output)) return diskFullError(folder, undefined);
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/^(\[notice\]|WARNING)/.test(line.trim()));
  const said =
    lines
      .at(-1)
      ?.trim()
      .replace(/^ERROR: /, '')
      .replace(/\.$/, '') ?? 'no reason given';
  // An index's address in pip's settings may hold a password.
  const safe = said.replace(/\/\/[^/\s@]+@/g, '//***@').slice(0, 300);
  return new SourceFailure(`pip could not download ${pinned} (${safe})`);
}
