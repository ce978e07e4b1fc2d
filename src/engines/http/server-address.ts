import { ConfigError } from '../../core/errors.ts';

/** Where a model server is, and which of its models is meant. */
export interface ServerAddress {
  /** http or https; without credentials, query, fragment and a slash at its end. */
  readonly url: string;
  /** As the server names it; undefined: the one that it has. */
  readonly model: string | undefined;
}

/**
 * Reads `http://host:port[/path][#model]`.
 *
 * @param option what the user wrote it behind, such as `--base vllm:`
 * @throws ConfigError for anything else, and for an address with credentials, which it does not repeat
 */
export function parseServerAddress(text: string, option: string): ServerAddress {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new ConfigError('bad-address', `${option} needs an address such as ${option}http://localhost:8000.`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '') {
    throw new ConfigError(
      'secret-in-address',
      `${option} can't take a user, password or query in its address, where others can read them: give the key in an environment variable or a file (docs/engines.md).`,
    );
  }
  const model = decodeModel(url.hash.slice(1), option);
  return { url: (url.origin + url.pathname).replace(/\/+$/, ''), model: model === '' ? undefined : model };
}

function decodeModel(fragment: string, option: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch (cause) {
    throw new ConfigError('bad-address', `The model's name after # in ${option} is not well written: write % as %25.`, {
      cause,
    });
  }
}
