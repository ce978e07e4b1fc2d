import { EngineError } from '../core/errors.ts';
import { type Backend, locateLibraries, locateLibrary } from '../engines/llama-cpp/native/library-location.ts';
import { type ChosenBuild, chooseBuild } from '../engines/llama-cpp/trial/gpu/choose-build.ts';
import { describeUseless } from '../engines/llama-cpp/trial/gpu/trial-outcome.ts';
import { tryBuild } from '../engines/llama-cpp/trial/gpu/try-build.ts';
import type { ModelSettings } from './model-settings.ts';

/** For the whole process, which can open one build only. */
const chosen = new Map<Backend, ChosenBuild>();

/**
 * The embedded engine's modules, and the library that they work with. They are loaded when they are first needed, not when
 * wellbegun is: their native parts exist for some platforms only, and what needs no engine works on all.
 *
 * @throws CapabilityError on a platform without a library, EngineError when a part is not installed or can't compute here
 */
export async function loadEngine(settings: Pick<ModelSettings, 'backend' | 'progress' | 'signal'> = {}) {
  const { backend = 'auto' } = settings;
  locateLibrary(backend);
  const modules = await loadModules();
  const { location, useless } = await buildFor(backend, settings);
  const library = modules.openLibrary(location);
  const itself = useless.find(({ variant }) => variant === location.variant);
  modules.assertComputes(backend, library, itself?.outcome.reason);
  return { ...modules, library, useless };
}

export type Engine = Awaited<ReturnType<typeof loadEngine>>;

async function buildFor(
  backend: Backend,
  { progress, signal }: Pick<ModelSettings, 'progress' | 'signal'>,
): Promise<ChosenBuild> {
  const before = chosen.get(backend);
  if (before) return before;
  const begins = (variant: string) => progress?.trial?.(variant);
  const build = await chooseBuild(backend, locateLibraries(backend), (location) =>
    tryBuild(location, { begins, signal }),
  );
  chosen.set(backend, build);
  // Who has a build without a GPU may have it for another machine; one that fails was meant for this one.
  for (const each of build.useless) {
    if (each.outcome.kind === 'failed')
      progress?.note?.(`${describeUseless(each)}: ${build.location.variant} computes.`);
  }
  return build;
}

async function loadModules() {
  try {
    const [library, gpu, lane, model, encoder, states, head] = await Promise.all([
      import('../engines/llama-cpp/native/llama-library.ts'),
      import('../engines/llama-cpp/native/gpu-problem.ts'),
      import('../engines/llama-cpp/native/compute-lane.ts'),
      import('../engines/llama-cpp/open-llama-cpp-model.ts'),
      import('../engines/llama-cpp/rewards/open-encoder-scorer.ts'),
      import('../engines/llama-cpp/rewards/open-hidden-state-model.ts'),
      import('../engines/llama-cpp/rewards/head-scorer.ts'),
    ]);
    return { ...library, ...gpu, ...lane, ...model, ...encoder, ...states, ...head };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError(
      'llama.cpp',
      'native-module',
      `The native module koffi can't be loaded on ${process.platform}-${process.arch} (${reason}): install again with "npm ci", or "npm install koffi".`,
      { cause },
    );
  }
}
