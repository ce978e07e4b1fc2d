import { ConfigError } from '../../core/errors.ts';
import { hasServerKey, KEYED_ROLES, type KeyedRole, keyVariable } from '../../engines/http/server-key.ts';
import type { ModelSettings } from '../model-settings.ts';
import { parseRewardReference, rewardServer } from '../rewards/reward-reference.ts';
import { parseServerReference } from '../server-reference.ts';

/**
 * A key is for one provider: that of one pair must not be sent to the host of another, unless each pair names the variable
 * itself.
 *
 * @param settings of each pair
 * @throws ConfigError where a key that nobody named would go to several hosts
 */
export function assertKeysApart(settings: readonly ModelSettings[], env: NodeJS.ProcessEnv = process.env): void {
  for (const role of KEYED_ROLES) {
    const variable = keyVariable(role);
    if (!hasServerKey(variable, env)) continue;
    const hosts = new Set(settings.flatMap((models) => hostOf(role, models) ?? []));
    if (hosts.size < 2) continue;
    throw new ConfigError(
      'one-key-many-servers',
      `The key in ${variable} would be sent to ${[...hosts].join(' and ')}: name the variable of each of these pairs with "${role}KeyEnv".`,
    );
  }
}

/** The host that gets the role's usual key. */
function hostOf(role: KeyedRole, settings: ModelSettings): string | undefined {
  const reference = settings[role];
  if (reference === undefined || settings[`${role}KeyEnv`] !== undefined) return undefined;
  const address =
    role === 'reward' ? rewardServer(parseRewardReference(reference)) : parseServerReference(reference, role)?.address;
  return address && new URL(address.url).hostname;
}
