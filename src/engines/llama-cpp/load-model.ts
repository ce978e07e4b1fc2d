import { ModelFileError } from '../../core/errors.ts';
import { gpusOf } from './native/gpu-problem.ts';
import { HugePages } from './native/huge-pages.ts';
import type { LlamaLibrary, Pointer } from './native/llama-library.ts';

export interface ModelFileOptions {
  /** A file whose header was checked: the native loader ends the process on some damaged ones. */
  readonly path: string;
  /** Layers on the GPU; -1 is all of them, where there is one. */
  readonly gpuLayers: number;
  /**
   * Let llama.cpp rearrange weights for its matrix kernels. Somewhat faster on some processors, but a token's logits
   * then depend on which tokens share its forward pass: see docs/decisions/0005.
   */
  readonly repack: boolean;
  /** Leave the weights mapped from the file, which takes less time before the first token. Default: false. */
  readonly staysMapped?: boolean | undefined;
  /** A LoRA GGUF whose header was checked, and the factor of its change. */
  readonly adapter?: { readonly path: string; readonly scale: number } | undefined;
}

/** A loaded adapter, which lives as long as its model. */
export interface NativeAdapter {
  readonly pointer: Pointer;
  readonly scale: number;
}

/** @throws ModelFileError when llama.cpp refuses the adapter */
export async function loadAdapter(
  library: LlamaLibrary,
  model: Pointer,
  { path, scale }: NonNullable<ModelFileOptions['adapter']>,
): Promise<NativeAdapter> {
  library.log.takeErrors();
  const pointer = await library.adapterLoad(model, path);
  if (pointer !== null) return { pointer, scale };
  throw new ModelFileError(
    'refused-adapter',
    `llama.cpp can't apply the adapter ${path} (${library.log.takeErrors()[0] ?? 'it gave no reason'}): export it again, or name the model that it was trained on.`,
  );
}

/** @throws ModelFileError when llama.cpp refuses the file */
export async function loadModel(
  library: LlamaLibrary,
  { path, gpuLayers, repack, staysMapped = false }: ModelFileOptions,
): Promise<Pointer> {
  library.log.takeErrors();
  const hugePages = staysMapped || usesGpu(library, gpuLayers) ? undefined : HugePages.forModel(path);
  const params = { ...library.modelDefaultParams(), ...hugePages?.params };
  const model = await library
    .modelLoad(path, { ...params, n_gpu_layers: gpuLayers, use_extra_bufts: repack })
    .finally(() => hugePages?.close());
  if (model === null) throw refused(path, library.log.takeErrors());
  return model;
}

export function usesGpu(library: LlamaLibrary, gpuLayers: number): boolean {
  return gpuLayers !== 0 && gpusOf(library).length > 0;
}

/** @throws ModelFileError for a model that has an encoder, or no context */
export function assertDecoder(library: LlamaLibrary, model: Pointer, path: string): void {
  if (!library.modelHasEncoder(model) && library.modelContextLength(model) >= 1) return;
  throw new ModelFileError(
    'not-a-decoder',
    `${path} does not hold a model that writes text: choose a decoder-only model.`,
  );
}

function refused(path: string, errors: readonly string[]): ModelFileError {
  const architecture = errors.map((line) => /unknown model architecture: '([^']*)'/.exec(line)?.[1]).find(Boolean);
  if (architecture !== undefined) {
    return new ModelFileError(
      'unknown-architecture',
      `${path} holds a model of the architecture '${architecture}', which this llama.cpp does not know: choose another model, or a newer wellbegun.`,
    );
  }
  const reason = errors[0]?.replace(/^llama_model_load: /, '') ?? 'it gave no reason';
  return new ModelFileError(
    'refused-model',
    `llama.cpp can't load ${path} (${reason}): download it again or choose another file.`,
  );
}
