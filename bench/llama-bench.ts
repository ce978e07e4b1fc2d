import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { fetchLlamaCppSource } from '../scripts/llama-cpp-source.ts';
import { BINARY_VERSION, locateLibrary } from '../src/engines/llama-cpp/index.ts';
import { cacheDirectory } from '../src/models/index.ts';

const run = promisify(execFile);

/** llama-bench asks for these; its own build makes them up from git. */
const BUILD_INFO = `#include "build-info.h"
int LLAMA_BUILD_NUMBER = 0;
char const * LLAMA_COMMIT = "";
char const * LLAMA_COMPILER = "";
char const * LLAMA_BUILD_TARGET = "";
int llama_build_number(void) { return 0; }
const char * llama_commit(void) { return ""; }
const char * llama_compiler(void) { return ""; }
const char * llama_build_target(void) { return ""; }
const char * llama_build_info(void) { return ""; }
void llama_print_build_info(const char *, FILE *) {}
`;

/**
 * llama.cpp's own benchmark, compiled from the source that node-llama-cpp ships and linked against the very library
 * that wellbegun loads. Built once (about 10 s) and kept in the cache.
 *
 * @throws Error where there is no npm, git or C++ compiler
 */
export async function buildLlamaBench(): Promise<string> {
  const folder = join(cacheDirectory(), 'bench', `llama-bench-${BINARY_VERSION}`);
  const program = join(folder, 'llama-bench');
  if (existsSync(program)) return program;
  const work = mkdtempSync(join(tmpdir(), 'wellbegun-bench-'));
  try {
    const source = await fetchLlamaCppSource(work);
    mkdirSync(folder, { recursive: true });
    await compile(source, work);
    copyFileSync(join(work, 'llama-bench'), program);
    return program;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Generation speed in tokens a second. */
export async function llamaBenchSpeed(
  program: string,
  model: string,
  threads: number,
  tokens: number,
): Promise<number> {
  const args = ['-m', model, '-t', String(threads), '-p', '0', '-n', String(tokens), '-r', '1', '-o', 'json'];
  // It looks for the CPU backends in its working directory.
  const { stdout } = await run(program, args, { cwd: locateLibrary().directory });
  return (JSON.parse(stdout) as { avg_ts: number }[])[0]!.avg_ts;
}

async function compile(source: string, work: string): Promise<void> {
  const { directory, ggmlBase, ggml, llama } = locateLibrary();
  writeFileSync(join(work, 'build-info.cpp'), BUILD_INFO);
  const includes = ['include', 'ggml/include', 'common', 'vendor'].map((folder) => `-I${join(source, folder)}`);
  const sources = [
    join(source, 'tools/llama-bench/llama-bench.cpp'),
    join(source, 'tools/llama-bench/main.cpp'),
    join(work, 'build-info.cpp'),
  ];
  const libraries = [llama, join(directory, 'libllama-common.so'), ggml, ggmlBase].map(
    (file) => `-l:${basename(file)}`,
  );
  const link = [`-L${directory}`, ...libraries, `-Wl,-rpath,${directory}`, '-lpthread'];
  await run('g++', [
    '-O2',
    '-DNDEBUG',
    '-std=c++17',
    '-w',
    ...includes,
    '-o',
    join(work, 'llama-bench'),
    ...sources,
    ...link,
  ]);
}
