import koffi, { type LibraryHandle } from 'koffi';

/** GGML_BACKEND_DEVICE_TYPE_*. */
const KINDS = ['cpu', 'gpu', 'integrated-gpu', 'accelerator', 'group'] as const;

export interface Device {
  readonly kind: (typeof KINDS)[number];
  /** e.g. `CUDA0`. */
  readonly name: string;
  /** e.g. `NVIDIA H100 80GB HBM3`. */
  readonly description: string;
  readonly totalBytes: number;
}

/** What the loaded backends can compute on; asked for anew on each call. */
export function deviceList(base: LibraryHandle, ggml: LibraryHandle): () => Device[] {
  const count = ggml.func('size_t ggml_backend_dev_count()');
  const get = ggml.func('void *ggml_backend_dev_get(size_t)');
  const type = base.func('int ggml_backend_dev_type(void *)');
  const name = base.func('const char *ggml_backend_dev_name(void *)');
  const description = base.func('const char *ggml_backend_dev_description(void *)');
  const memory = base.func('void ggml_backend_dev_memory(void *, _Out_ size_t *, _Out_ size_t *)');

  const describe = (device: bigint): Device => {
    const [free, total] = [[0], [0]];
    memory(device, free, total);
    return {
      kind: KINDS[type(device) as number] ?? 'accelerator',
      name: name(device) as string,
      description: description(device) as string,
      totalBytes: Number(total[0]),
    };
  };
  return () => Array.from({ length: Number(count()) }, (_, i) => describe(get(i) as bigint));
}

/** Why a backend's library can't be opened, in the words of the system; undefined where it can. */
export function openingProblem(path: string): string | undefined {
  try {
    koffi.load(path).unload();
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^Failed to load shared library: /, '');
  }
}
