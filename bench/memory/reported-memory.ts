import type { LlamaLibrary } from '../../src/engines/llama-cpp/index.ts';
import { KEY_VALUE_TYPES, type KeyValueType } from './key-value-bytes.ts';

export interface ContextSetting {
  readonly path: string;
  readonly cells: number;
  readonly sequences: number;
  readonly type: KeyValueType;
  readonly slidingWindowInFull: boolean;
}

/** In MiB, from llama.cpp's own log. */
export interface ReportedMemory {
  readonly weightsMib: number;
  readonly keyValueMib: number;
  /** Intermediate results of a forward pass. */
  readonly computeMib: number;
}

const BATCH_TOKENS = 512;
const BATCH_ROWS = 32;

/**
 * Opens a model with the engine's own settings, reads what llama.cpp says about its memory, and closes it.
 *
 * @throws Error when the context can't be made, or the log says nothing
 */
export async function reportedMemory(library: LlamaLibrary, setting: ContextSetting): Promise<ReportedMemory> {
  const lines: string[] = [];
  const sink = library.log.sink;
  library.log.sink = (_, line) => lines.push(line);
  try {
    await openOnce(library, setting);
  } finally {
    library.log.sink = sink;
  }
  return {
    weightsMib: sum(lines, /model buffer size = +([\d.]+) MiB/),
    keyValueMib: sum(lines, /llama_kv_cache: size = +([\d.]+) MiB/),
    computeMib: sum(lines, /sched_reserve: .*compute buffer size = +([\d.]+) MiB/),
  };
}

async function openOnce(library: LlamaLibrary, setting: ContextSetting): Promise<void> {
  const model = await library.modelLoad(setting.path, { ...library.modelDefaultParams(), use_extra_bufts: false });
  if (model === null) throw new Error(`${setting.path} can't be loaded.`);
  const { ggmlType } = KEY_VALUE_TYPES[setting.type];
  const context = await library.contextNew(model, {
    ...library.contextDefaultParams(),
    n_ctx: setting.cells,
    n_batch: BATCH_TOKENS,
    n_ubatch: BATCH_TOKENS,
    n_seq_max: setting.sequences,
    n_outputs_max: BATCH_ROWS,
    type_k: ggmlType,
    type_v: ggmlType,
    swa_full: setting.slidingWindowInFull,
    kv_unified: true,
  });
  if (context !== null) library.contextFree(context);
  library.modelFree(model);
  if (context === null) throw new Error(`No context of ${setting.cells} tokens for ${setting.path}.`);
}

function sum(lines: readonly string[], pattern: RegExp): number {
  const found = lines.map((line) => pattern.exec(line)?.[1]).filter((each) => each !== undefined);
  if (found.length === 0) throw new Error(`llama.cpp's log has no line like ${pattern.source}.`);
  return found.reduce((total, each) => total + Number(each), 0);
}
