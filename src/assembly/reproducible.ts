import { ConfigError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';
import type { Machine } from './machine.ts';
import type { ModelSettings } from './model-settings.ts';
import type { NamedModels } from './name-models.ts';
import { parseRewardReference } from './rewards/reward-reference.ts';

/** @throws ConfigError where responses are to be reproducible, and a model is on a server */
export function assertReproducible({ reproducible }: ModelSettings, names: NamedModels): void {
  const server = reproducible && roleOnServer(names);
  if (!server) return;
  throw new ConfigError(
    'not-reproducible',
    `${settingName('reproducible')} holds for models in this process, and ${settingName(server)} is on a server: leave it out, and set what the server has for it (docs/engines.md).`,
  );
}

/** Whether all models are in this process, and computed by the processor. */
export async function canBeReproducible(
  { gpuLayers }: ModelSettings,
  names: NamedModels,
  machine: () => Promise<Machine>,
): Promise<boolean> {
  if (roleOnServer(names) !== undefined) return false;
  if (gpuLayers === 0) return true;
  const { engine, library } = await machine();
  return engine.gpusOf(library).length === 0;
}

function roleOnServer({ models, reward, judge }: NamedModels): string | undefined {
  const [writer] = Object.entries(models).find(([, { server }]) => server) ?? [];
  return writer ?? Object.entries({ reward, judge }).find(([, reference]) => isRewardOnServer(reference))?.[0];
}

function isRewardOnServer(reference: string | undefined): boolean {
  return reference !== undefined && parseRewardReference(reference).kind !== 'embedded';
}
