import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BINARY_VERSION, locateLibrary } from '../src/engines/llama-cpp/index.ts';
import { cacheDirectory } from '../src/models/index.ts';
import { fetchLlamaCppSource } from './llama-cpp-source.ts';

const run = promisify(execFile);

export interface LlamaServerBuild {
  readonly program: string;
  /** For `spawn`: where it finds its libraries, and its CPU backends in the working directory. */
  readonly place: { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
}

export interface LlamaServerBuildOptions {
  /** Told what takes time: how many of the server's files are compiled. */
  readonly progress?: (done: number, files: number) => void;
}

/**
 * llama.cpp's server, for tests and comparisons: compiled from the source that node-llama-cpp ships, without its web
 * page and without images, and linked against the very library that wellbegun loads. Built once (about two minutes on
 * two cores) and kept in the cache.
 *
 * @throws Error where there is no npm, git or C++ compiler
 */
export async function buildLlamaServer(options: LlamaServerBuildOptions = {}): Promise<LlamaServerBuild> {
  const program = join(cacheDirectory(), 'bench', `llama-server-${BINARY_VERSION}`, 'llama-server');
  if (!existsSync(program)) await build(program, options);
  const { directory } = locateLibrary('cpu');
  return { program, place: { cwd: directory, env: { ...process.env, LD_LIBRARY_PATH: directory } } };
}

async function build(program: string, { progress }: LlamaServerBuildOptions): Promise<void> {
  mkdirSync(dirname(program), { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'wellbegun-server-'));
  // In the folder where it will be, so that the last step is a rename: another build at the same time does no harm.
  const unfinished = `${program}.${process.pid}`;
  try {
    const source = await fetchLlamaCppSource(work);
    writeEmptyWebPage(source, work);
    const objects = await compileAll(serverSources(source), includeFlags(source, work), work, progress);
    await link(objects, unfinished);
    renameSync(unfinished, program);
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(unfinished, { force: true });
  }
}

function serverSources(source: string): string[] {
  const folder = join(source, 'tools/server');
  const files = readdirSync(folder).filter((file) => file.endsWith('.cpp'));
  return [...files.map((file) => join(folder, file)), join(import.meta.dirname, 'llama-server', 'text-only.cpp')];
}

/** The header that llama.cpp's own build writes when it has no web page to embed. */
function writeEmptyWebPage(source: string, work: string): void {
  const template = readFileSync(join(source, 'tools/ui/ui.h.in'), 'utf8');
  const header = template.replaceAll('@N_ASSETS@', '0').replace(/^#cmakedefine LLAMA_UI_HAS_ASSETS.*$/m, '');
  writeFileSync(join(work, 'ui.h'), header);
}

function includeFlags(source: string, work: string): string[] {
  const folders = ['include', 'ggml/include', 'common', 'vendor', 'tools/mtmd', 'tools/server', '.'];
  return [`-I${work}`, ...folders.map((folder) => `-I${join(source, folder)}`)];
}

/** As many files at a time as there are cores. */
async function compileAll(
  files: readonly string[],
  includes: readonly string[],
  work: string,
  progress: LlamaServerBuildOptions['progress'],
): Promise<string[]> {
  const waiting = [...files];
  const objects: string[] = [];
  const worker = async () => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      const object = join(work, `${basename(file)}.o`);
      // Like the library: with child processes. The time is in the library, so little optimisation is enough.
      const flags = ['-O1', '-DNDEBUG', '-DLLAMA_SUBPROCESS', '-std=c++17', '-w', ...includes];
      await run('g++', [...flags, '-c', file, '-o', object]);
      objects.push(object);
      progress?.(objects.length, files.length);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return objects;
}

async function link(objects: readonly string[], program: string): Promise<void> {
  const { directory, ggmlBase, ggml, llama } = locateLibrary('cpu');
  const libraries = [join(directory, 'libllama-common.so'), llama, ggml, ggmlBase].map(
    (file) => `-l:${basename(file)}`,
  );
  await run('g++', ['-o', program, ...objects, `-L${directory}`, ...libraries, '-lpthread']);
}

if (import.meta.main) {
  const { program, place } = await buildLlamaServer({
    progress: (done, files) => console.error(`compiled ${done} of ${files} files`),
  });
  console.log(`cd ${place.cwd} && LD_LIBRARY_PATH=. ${program}`);
}
