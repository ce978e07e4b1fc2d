import { EngineError } from '../core/errors.ts';
import { type Backend, locateLibrary } from '../engines/llama-cpp/native/library-location.ts';

/**
 * The embedded engine's modules. They are loaded when they are first needed, not when wellbegun is: their native parts
 * exist for some platforms only, and what needs no engine works on all.
 *
 * @throws CapabilityError on a platform without a library, EngineError when a part is not installed
 */
export async function loadEngine(backend?: Backend) {
  locateLibrary(backend);
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

export type Engine = Awaited<ReturnType<typeof loadEngine>>;
