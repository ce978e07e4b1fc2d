import { ConfigError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';
import type { ModelSettings } from './model-settings.ts';
import type { NamedModels } from './name-models.ts';
import { parseRewardReference } from './rewards/reward-reference.ts';

/** @throws ConfigError where a response is to be reproducible, and a model of it is on a server */
export function assertReproducible({ reproducible }: ModelSettings, { models, reward, judge }: NamedModels): void {
  if (!reproducible) return;
  const server = Object.entries({ ...models }).find(([, name]) => name.server)?.[0] ?? rewardOnServer({ reward, judge });
  if (server === undefined) return;
  throw new ConfigError(
    'not-reproducible',
    `${settingName('reproducible')} holds for models in this process, and ${settingName(server)} is on a server: leave it out, and set what the server has for it (docs/engines.md).`,
  );
}

function rewardOnServer(named: Pick<NamedModels, 'reward' | 'judge'>): string | undefined {
  return Object.entries(named).find(
    ([, reference]) => reference !== undefined && parseRewardReference(reference).kind !== 'embedded',
  )?.[0];
}
