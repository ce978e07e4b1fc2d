import type { DecodeOptions } from '../decode-options.ts';
import { loadPair, type Pair } from '../load-pair.ts';
import { openMachine } from '../machine.ts';
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
 * Opens every pair. Pairs of the same models, loaded in the same way, share them; all embedded models take turns on the
 * same compute threads.
 *
 * @throws ConfigError, ModelFileError, DownloadError, EngineError, CapabilityError
 */
export async function openServedPairs(pairs: readonly PairSettings[]): Promise<ServedPairs> {
  const opened = new Map<string, { readonly pair: Pair; readonly queue: string }>();
  const machine = pairs.length > 1 ? await openMachine(pairs[0]!.models) : undefined;
  const close = async () => {
    for (const { pair } of opened.values()) await pair.close();
    await machine?.lane.close();
  };
  try {
    const models: ServedModelParts[] = [];
    for (const { name, models: settings, decode } of pairs) {
      const key = keyOf(settings);
      const shared = opened.get(key) ?? { pair: await loadPair(settings, machine), queue: name };
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
function keyOf(settings: ModelSettings): string {
  const { base, draft, template, draftTemplate, context, parallel, gpuLayers, repack } = settings;
  return JSON.stringify([base, draft, template, draftTemplate, context, parallel, gpuLayers, repack]);
}
