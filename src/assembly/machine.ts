import { settingName } from '../core/setting-name.ts';
import { availableParallelism } from 'node:os';
import { ConfigError } from '../core/errors.ts';
import type { ComputeLane } from '../engines/llama-cpp/native/compute-lane.ts';
import type { LlamaLibrary } from '../engines/llama-cpp/native/llama-library.ts';
import { describeUseless } from '../engines/llama-cpp/trial/gpu/trial-outcome.ts';
import { checkModelSettings } from './check-model-settings.ts';
import { cpuQuota } from './cpu-quota.ts';
import { type Engine, loadEngine } from './load-engine.ts';
import type { ModelSettings } from './model-settings.ts';

/** What all embedded models of a process share. */
export interface Machine {
  readonly engine: Engine;
  readonly library: LlamaLibrary;
  readonly lane: ComputeLane;
}

/** @throws ConfigError for settings out of range, which could end the process, and for layers on a GPU that is not there */
export async function openMachine(settings: ModelSettings): Promise<Machine> {
  checkModelSettings(settings);
  const { gpuLayers, threads = defaultThreads() } = settings;
  const engine = await loadEngine(settings);
  const { library } = engine;
  if (gpuLayers !== undefined && gpuLayers > 0 && engine.gpusOf(library).length === 0) {
    const computes = `the llama.cpp build ${library.location.variant} computes on the CPU`;
    const reason = engine.useless.map(describeUseless).join('; ') || computes;
    throw new ConfigError(
      'no-gpu',
      `${settingName('gpuLayers')} ${gpuLayers} needs a GPU, and there is none to use (${reason}): leave it out, or see "wellbegun doctor".`,
    );
  }
  assertReproducible(settings, engine);
  return { engine, library, lane: new engine.ComputeLane(library, threads) };
}

function assertReproducible({ reproducible, gpuLayers }: ModelSettings, { library, gpusOf }: Engine): void {
  if (!reproducible || gpuLayers === 0 || gpusOf(library).length === 0) return;
  throw new ConfigError(
    'not-reproducible',
    `${settingName('reproducible')} holds where the CPU computes, and here layers would go to a GPU: add ${settingName('gpuLayers')} 0, or leave it out.`,
  );
}

/**
 * Small machines use all their cores; on larger ones half of the logical ones are second threads of a core. No more than
 * a quota of processor time keeps busy: threads that are stopped in the middle of a pass keep the others waiting.
 */
export function defaultThreads({ cores = availableParallelism(), quota = cpuQuota() } = {}): number {
  const ofCores = cores <= 4 ? cores : Math.ceil(cores / 2);
  return Math.max(Math.min(ofCores, Math.floor(quota ?? ofCores)), 1);
}
