import { z } from 'zod';
import { catalogue } from '../models/catalogue.ts';
import { modelsNeeded, type StrategyChoice } from './create-strategy.ts';
import type { ModelSettings } from './model-settings.ts';
import { describeSetting } from './run-fingerprint.ts';

export const modelIdentity = z.object({
  named: z.string().describe('As it was named, without credentials.'),
  sha256: z.string().optional().describe("Of the model's file; not known of one on a server."),
});

/** Models by their roles. */
export type ModelIdentities = Readonly<Record<string, z.infer<typeof modelIdentity>>>;

/** What traces say of the models that a strategy works with. A large file is read once for its hash, which is then kept. */
export async function identifyModels(
  settings: ModelSettings,
  strategy: StrategyChoice = 'wsd',
): Promise<ModelIdentities> {
  const { base = catalogue.defaultPair.base, draft = catalogue.defaultPair.draft, reward, aligner, judge } = settings;
  const named = { base, draft, reward, aligner, judge };
  const identities: Record<string, z.infer<typeof modelIdentity>> = {};
  for (const role of modelsNeeded(strategy, settings)) {
    const reference = named[role];
    if (reference === undefined) continue;
    const described = await describeSetting(role, reference);
    identities[role] =
      typeof described === 'string' ? { named: described } : { named: described.named, sha256: described.sha256 };
  }
  return identities;
}
