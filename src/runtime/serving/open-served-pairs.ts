import type { DecodeOptions } from '../decode-options.ts';
import { loadPair, type Pair } from '../load-pair.ts';
import type { ModelSettings } from '../model-settings.ts';
import { servedModels, type ServedModelParts } from './served-models.ts';

/** One named pair: its models, and what its requests may leave out. */
export interface PairSettings {
  readonly name: string;
  readonly models: ModelSettings;
  readonly decode: DecodeOptions;
}

export interface ServedPairs {
  readonly models: readonly ServedModelParts[];
  close(): Promise<void>;
}

/**
 * Opens every pair. Pairs of the same models, loaded in the same way, share them.
 *
 * @throws ConfigError, ModelFileError, DownloadError, EngineError, CapabilityError
 */
export async function openServedPairs(pairs: readonly PairSettings[]): Promise<ServedPairs> {
  const opened = new Map<string, { readonly pair: Pair; readonly queue: string }>();
  const close = async () => {
    for (const { pair } of opened.values()) await pair.close();
  };
  try {
    const models: ServedModelParts[] = [];
    for (const { name, models: settings, decode } of pairs) {
      const key = keyOf(settings);
      const shared = opened.get(key) ?? { pair: await loadPair(settings), queue: name };
      opened.set(key, shared);
      models.push(...servedModels(name, shared.pair, shared.queue, decode));
    }
    return { models, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What two pairs must have in common to share their models. */
function keyOf({ progress: _progress, signal: _signal, ...settings }: ModelSettings): string {
  return JSON.stringify(Object.entries(settings).toSorted(([a], [b]) => a.localeCompare(b)));
}
