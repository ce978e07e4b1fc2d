import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EngineError, ModelFileError } from '../../../../core/errors.ts';
import { BINARY_VERSION, type LibraryLocation } from '../../native/library-location.ts';
import type { ModelPurpose } from '../../../../models/gguf/check-architecture.ts';
import { nativeWords, runTrial } from '../run-trial.ts';
import { ProbedFiles } from './probed-files.ts';

export interface ProbeOptions {
  /** The build that will load the file. */
  readonly build: Pick<LibraryLocation, 'variant' | 'backend'>;
  /** As many layers on its GPUs as there will be; -1 is all. */
  readonly gpuLayers: number;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; a load that takes longer is taken for one that never ends. */
  readonly timeoutMs?: number;
  /** The script that loads a file: `load-once`. */
  readonly program?: string;
  readonly probed?: ProbedFiles;
  /** What the file is loaded as. Default: `writer`. */
  readonly purpose?: ModelPurpose;
  /** Applied to the model in the trial, as it will be. */
  readonly adapter?: string | undefined;
}

/** What `load-once` says on stdout before it gives the file to llama.cpp. */
const LOADING = 'loading';
const TIMEOUT_MS = 10 * 60_000;
const LOAD_ONCE = fileURLToPath(import.meta.resolve(`./load-once${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`));

/** What processes, V8 and llama.cpp say of memory that they don't get. */
const NO_MEMORY =
  /out of memory|bad_alloc|cannot allocate|(?:failed|unable|could not|no memory) .{0,40}(?:alloc|memory)/i;

/**
 * Loads a file of unknown origin in a process of its own first, as it will be loaded: llama.cpp ends its process on some
 * damaged files, and on some that it can't compute where their layers lie. What went well is not tried again until the file,
 * the build or the number of layers on GPUs changes.
 *
 * @throws ModelFileError when that process crashed or did not end, EngineError when it had no memory
 */
export async function assertLoads(path: string, options: ProbeOptions): Promise<void> {
  const {
    build,
    gpuLayers,
    signal,
    timeoutMs = TIMEOUT_MS,
    program = LOAD_ONCE,
    purpose = 'writer',
    adapter,
  } = options;
  const { probed = new ProbedFiles(`${BINARY_VERSION} ${build.variant} ${gpuLayers}`) } = options;
  const files = adapter === undefined ? [path] : [path, adapter];
  if (await probed.has(...files)) return;
  const args = [path, build.backend, purpose, String(gpuLayers), ...files.slice(1)];
  const { fault, killedBy, output, errorOutput } = await runTrial(program, args, { signal, timeoutMs });
  if (fault === undefined) return await probed.add(...files);
  const trial = `a trial load in a process of its own ${fault}`;
  const isShort = NO_MEMORY.test(errorOutput) || (killedBy !== undefined && isKilledForMemory(killedBy));
  if (isShort || !output.includes(LOADING)) throw isShort ? noMemory(path, trial) : notBegun(path, trial, errorOutput);
  throw new ModelFileError(
    'crashing-model',
    `llama.cpp can't read ${files.join(' with ')} (${withWords(trial, errorOutput)}): the file is damaged or of a kind that this llama.cpp can't compute, download it again or choose another one.`,
  );
}

/** The system kills without a word what takes too much memory, and a limit of memory makes libraries give up as quietly. */
function isKilledForMemory(killedBy: NodeJS.Signals): boolean {
  return killedBy === 'SIGKILL' || (killedBy === 'SIGABRT' && hasMemoryLimit());
}

/** Whether `ulimit -v` was set, for this process and those it starts. */
function hasMemoryLimit(): boolean {
  try {
    return /^Max address space\s+\d/m.test(readFileSync('/proc/self/limits', 'latin1'));
  } catch {
    return false;
  }
}

function noMemory(path: string, trial: string): EngineError {
  return new EngineError(
    'llama.cpp',
    'no-memory',
    `There is not enough memory to load ${path} (${trial}): free some, raise the limit of this process (ulimit -v, or that of its container), or choose a smaller model; if there is plenty, the file is damaged.`,
  );
}

/** It ended before it was at the file. */
function notBegun(path: string, trial: string, errorOutput: string): EngineError {
  return new EngineError(
    'llama.cpp',
    'no-trial',
    `${path} could not be tried, for a reason that is not in the file (${withWords(trial, errorOutput)}): see "wellbegun doctor".`,
  );
}

function withWords(trial: string, errorOutput: string): string {
  const words = nativeWords(errorOutput);
  return words === undefined ? trial : `${trial}: ${words}`;
}
