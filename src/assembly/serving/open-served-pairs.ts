import type { DecodeOptions } from '../decode-options.ts';
import { modelsNeeded, textsAtOnce } from '../create-strategy.ts';
import { loadModels, type Pair } from '../load-pair.ts';
import { openMachine } from '../machine.ts';
import type { ModelSettings } from '../model-settings.ts';
import { assertKeysApart } from './assert-keys-apart.ts';
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
  assertKeysApart(pairs.map(({ models }) => models));
  const opened = new Map<string, { readonly pair: Pair; readonly queue: string }>();
  const machine = pairs.length > 1 ? await openMachine(pairs[0]!.models) : undefined;
  const close = async () => {
    for (const { pair } of opened.values()) await pair.close();
    await machine?.lane.close();
  };
  try {
    const models: ServedModelParts[] = [];
    for (const { name, models: settings, decode } of pairs) {
      const { strategy = 'wsd' } = decode;
      // Both models are served by themselves as well.
      const needed = [...new Set(['base', 'draft', ...modelsNeeded(strategy, settings)] as const)];
      const atOnce = textsAtOnce(strategy);
      const key = JSON.stringify([keyOf(settings), needed, atOnce]);
      const load = async () => (await loadModels(settings, needed, { textsAtOnce: atOnce, shared: machine })) as Pair;
      const shared = opened.get(key) ?? { pair: await load(), queue: name };
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
  const told = new Set(['progress', 'signal']);
  return JSON.stringify(settings, (name, value: unknown) => (told.has(name) ? undefined : value));
}
