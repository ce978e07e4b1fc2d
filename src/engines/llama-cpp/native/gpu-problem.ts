import { settingName } from '../../../core/setting-name.ts';
import { EngineError } from '../../../core/errors.ts';
import { type Device, openingProblem } from './devices.ts';
import type { Backend, LibraryLocation } from './library-location.ts';

export interface OpenedLibrary {
  readonly location: LibraryLocation;
  readonly devices: () => Device[];
}

/** Where layers of a model can be computed besides the CPU. */
export function gpusOf(library: Pick<OpenedLibrary, 'devices'>): Device[] {
  return library.devices().filter(({ kind }) => kind === 'gpu' || kind === 'integrated-gpu');
}

/**
 * Why a build for GPUs computes on the CPU, which it does without a word; undefined where it has a GPU, and for a build
 * without.
 */
export function gpuProblem({ location, devices }: OpenedLibrary): string | undefined {
  if (location.gpuBackend === undefined || gpusOf({ devices }).length > 0) return undefined;
  return openingProblem(location.gpuBackend) ?? 'its library loads, but no device answers';
}

/**
 * @param problem why it finds none, where that is known already
 * @throws EngineError where a backend was asked for by name and finds no GPU
 */
export function assertComputes(backend: Backend, library: OpenedLibrary, problem = gpuProblem(library)): void {
  if (backend === 'auto' || backend === 'cpu') return;
  if (problem === undefined) return;
  throw new EngineError(
    'llama.cpp',
    'no-gpu',
    `${settingName('backend')} ${backend}: llama.cpp finds no GPU (${problem}): install its driver and libraries, or choose ${settingName('backend')} cpu.`,
  );
}
