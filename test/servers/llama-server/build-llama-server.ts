import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { fetchLlamaSource } from '../../../bench/llama-source.ts';
import { BINARY_VERSION, locateLibrary } from '../../../src/engines/llama-cpp/native/library-location.ts';
import { cacheDirectory } from '../../../src/models/cache-directory.ts';

const run = promisify(execFile);

/**
 * llama-server, compiled from the source of the library that wellbegun loads, and linked against it: about three
 * minutes on two cores, once; then it is in the cache. Needs npm, git, cmake and a C++ compiler.
 */
export async function buildLlamaServer(): Promise<string> {
  const folder = join(cacheDirectory(), 'test', `llama-server-${BINARY_VERSION}`);
  const program = join(folder, 'llama-server');
  if (existsSync(program)) return program;
  const work = mkdtempSync(join(tmpdir(), 'wellbegun-llama-server-'));
  try {
    const { directory, llama, ggml, ggmlBase } = locateLibrary();
    const settings = {
      SOURCE: await fetchLlamaSource(work),
      LIBRARIES: directory,
      LLAMA: basename(llama),
      GGML: basename(ggml),
      GGML_BASE: basename(ggmlBase),
    };
    const build = join(work, 'build');
    const definitions = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
    await run('cmake', ['-S', import.meta.dirname, '-B', build, ...definitions]);
    await run('cmake', ['--build', build, '--parallel', String(availableParallelism())], { maxBuffer: 2 ** 26 });
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(build, 'llama-server'), `${program}.new`);
    await run('mv', [`${program}.new`, program]);
    return program;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
