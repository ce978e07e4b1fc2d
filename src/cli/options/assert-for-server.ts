import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { parseRewardReference } from '../../assembly/rewards/reward-reference.ts';
import { isServer } from '../../assembly/server-reference.ts';
import { settingName } from '../../core/setting-name.ts';
import { modelSettings } from '../../settings/model.ts';
import type { Role, Setting } from '../../settings/setting.ts';
import { isGiven } from './is-given.ts';

type Models = Readonly<Partial<Record<Role, string>>>;

function isOnServer(role: Role, value: string | undefined): boolean {
  if (value === undefined) return false;
  const isReward = role === 'reward' || role === 'judge';
  return isReward ? parseRewardReference(value, role).kind !== 'embedded' : isServer(value);
}

/** @throws ConfigError for an option of the command line about a server where the model is none */
export function assertForServer(command: Command): void {
  const values = command.opts<Models>();
  for (const [name, { servers }] of Object.entries<Setting>(modelSettings)) {
    if (!servers || !isGiven(command, name) || servers.some((role) => isOnServer(role, values[role]))) continue;
    throw new ConfigError(
      'no-server',
      `${settingName(name)} is for a model on a server, and there is none: leave it out.`,
    );
  }
}
