import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { parseRewardReference } from '../../assembly/rewards/reward-reference.ts';
import { isServer } from '../../assembly/server-reference.ts';
import type { CommandValues } from '../commands/command-values.ts';
import { givenFlag } from './given-flag.ts';

type Models = Partial<Pick<CommandValues, 'base' | 'draft' | 'reward' | 'aligner'>> & { readonly judge?: string };

/** Options that say something of servers, and of which models. */
const OF_SERVERS: Readonly<Record<string, readonly (keyof Models)[]>> = {
  tokenizer: ['base', 'aligner'],
  baseKeyEnv: ['base'],
  draftKeyEnv: ['draft'],
  alignerKeyEnv: ['aligner'],
  rewardKeyEnv: ['reward', 'judge'],
  serverTimeout: ['base', 'draft', 'reward', 'aligner', 'judge'],
};

function isOnServer(role: keyof Models, value: string | undefined): boolean {
  if (value === undefined) return false;
  const isReward = role === 'reward' || role === 'judge';
  return isReward ? parseRewardReference(value, `--${role}`).kind !== 'embedded' : isServer(value);
}

/** @throws ConfigError for an option of the command line about a server where the model is none */
export function assertForServer(command: Command): void {
  const values = command.opts<Models>();
  for (const [name, roles] of Object.entries(OF_SERVERS)) {
    const flag = givenFlag(command, name);
    if (flag === undefined || roles.some((role) => isOnServer(role, values[role]))) continue;
    throw new ConfigError('no-server', `${flag} is for a model on a server, and there is none: leave it out.`);
  }
}
