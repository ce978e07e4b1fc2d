import { ConfigError, EngineError } from '../../core/errors.ts';
import type { ServerName } from '../http/http-failure.ts';
import { withoutKey } from '../http/without-key.ts';

/**
 * The model that the address names, or the only one that the server has.
 *
 * @throws ConfigError that lists them where there is no such one, or several
 */
export function chooseModel<T extends { readonly id: string }>(
  models: readonly T[],
  wanted: string | undefined,
  { engine, url, key }: ServerName,
): T {
  const names = models.map(({ id }) => withoutKey(key, id));
  if (wanted !== undefined) {
    const found = models.find(({ id }) => id === wanted);
    if (found) return found;
    throw new ConfigError('no-such-model', `${engine} at ${url} has no model ${wanted}: name one of ${listed(names)}.`);
  }
  if (models.length === 1) return models[0]!;
  if (models.length === 0)
    throw new EngineError(engine, 'no-model', `${engine} at ${url} has no model loaded.`, { url });
  throw new ConfigError(
    'several-models',
    `${engine} at ${url} has several models: name one behind the address, as in ${url}#${names[0]!}; it has ${listed(names)}.`,
  );
}

function listed(names: readonly string[]): string {
  return names.slice(0, 20).join(', ') + (names.length > 20 ? ` and ${names.length - 20} more` : '');
}
