import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigError } from '../../core/errors.ts';
import { expandHome } from '../expand-home.ts';
import { homeFolder } from '../user-folder.ts';

/**
 * The user's hub token, from `HF_TOKEN`, or the file where the hub's own tools keep it (`HF_TOKEN_PATH`,
 * `$HF_HOME/token`, `~/.cache/huggingface/token`).
 *
 * @throws ConfigError when it can't be sent in a header; it is not repeated.
 */
export async function hubToken(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const token = env['HF_TOKEN']?.trim() || (await readToken(tokenPath(env)));
  if (token === '') return undefined;
  // The platform's own error about a bad header would print the token.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ConfigError(
      'invalid-hub-token',
      'The hub token (HF_TOKEN, or its file) must be one word of plain letters.',
    );
  }
  return token;
}

async function readToken(path: string | undefined): Promise<string> {
  return path === undefined ? '' : (await readFile(path, 'utf8').catch(() => '')).trim();
}

function tokenPath(env: NodeJS.ProcessEnv): string | undefined {
  if (env['HF_TOKEN_PATH']) return expandHome(env['HF_TOKEN_PATH']);
  if (env['HF_HOME']) return join(expandHome(env['HF_HOME']), 'token');
  const home = homeFolder();
  const cache = env['XDG_CACHE_HOME'] || (home && join(home, '.cache'));
  return cache && join(cache, 'huggingface/token');
}
