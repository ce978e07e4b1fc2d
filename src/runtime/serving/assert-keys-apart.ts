import { ConfigError } from '../../core/errors.ts';
import { hasServerKey } from '../../engines/http/server-key.ts';
import { baseKeyOf, draftKeyOf, type KeySource } from '../open-server-model.ts';
import { parseServerReference } from '../server-reference.ts';
import type { ModelSettings } from '../model-settings.ts';

/**
 * A key is for one provider: that of one pair must not be sent to the server of another.
 *
 * @param settings of each pair
 * @throws ConfigError where one variable holds the key of several servers
 */
export function assertKeysApart(settings: readonly ModelSettings[], env: NodeJS.ProcessEnv = process.env): void {
  assertApart(
    'baseKeyEnv',
    settings.map((models) => serverOf(models.base, '--base', baseKeyOf(models))),
    env,
  );
  assertApart(
    'draftKeyEnv',
    settings.map((models) => serverOf(models.draft, '--draft', draftKeyOf(models))),
    env,
  );
}

interface KeyedServer {
  readonly origin: string;
  /** That holds its key. */
  readonly variable: string;
}

function assertApart(option: string, servers: readonly (KeyedServer | undefined)[], env: NodeJS.ProcessEnv): void {
  const keyed = servers.filter((server) => server !== undefined).filter(({ variable }) => hasServerKey(variable, env));
  for (const [variable, sharing] of Map.groupBy(keyed, ({ variable: held }) => held)) {
    const origins = [...new Set(sharing.map(({ origin }) => origin))];
    if (origins.length === 1) continue;
    throw new ConfigError(
      'one-key-many-servers',
      `The key in ${variable} would be sent to ${origins.join(' and ')}: name a variable for each of these pairs with "${option}".`,
    );
  }
}

/** A server whose key the environment holds. */
function serverOf(
  reference: string | undefined,
  option: '--base' | '--draft',
  { key, variable }: KeySource,
): KeyedServer | undefined {
  const server = reference === undefined ? undefined : parseServerReference(reference, option);
  return server && key === undefined ? { origin: new URL(server.address.url).origin, variable } : undefined;
}
