import type { Models } from './load-pair.ts';
import type { ModelSettings } from './model-settings.ts';
import { parseRewardReference } from './rewards/reward-reference.ts';
import { isServer } from './server-reference.ts';

/** What servers call their models, by role: another model may answer at the same address tomorrow. */
export function serverNames(settings: ModelSettings, models: Models): Readonly<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const role of ['base', 'draft', 'aligner'] as const) {
    if (models[role] && isServer(settings[role] ?? '')) names[role] = models[role].id;
  }
  const { reward } = settings;
  if (models.reward && reward && parseRewardReference(reward).kind !== 'embedded') names['reward'] = models.reward.id;
  return names;
}
