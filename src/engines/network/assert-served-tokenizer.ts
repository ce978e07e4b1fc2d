import { settingName } from '../../core/setting-name.ts';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../../core/errors.ts';
import type { TokenId } from '../../core/language-model.ts';
import type { ServerName } from '../http/http-failure.ts';
import type { NetworkTokenizer } from './network-tokenizer.ts';
import { readsAs } from './token-spelling.ts';
import { told } from './told.ts';

/** Several scripts, numbers and signs, and no space at the beginning, which some tokenizers add or take. */
export const SCRIPTS_PROBE =
  'The cat, 12 mats.\n\n naïve Straße, Привет мир, Ελληνικά, שלום, مرحبا, नमस्ते, 你好世界, こんにちは, 안녕 🎉\t{x: [1]};';

/** A tokenizer.json, and where it was said to be. */
export interface GivenTokenizer {
  readonly path: string;
  readonly tokenizer: NetworkTokenizer;
}

/**
 * Compares the server's ids of `SCRIPTS_PROBE` with those of the given tokenizer: ids of another vocabulary would be written
 * and scored without any failure, and mean something else. A text that is cut in other places is the same vocabulary
 * still. Where the server does not tell its ids, nothing is known.
 *
 * @throws ConfigError for a tokenizer of another vocabulary
 */
export async function assertServedTokenizer(
  { path, tokenizer }: GivenTokenizer,
  server: ServerName,
  asked: Promise<readonly number[]>,
): Promise<void> {
  const ids = await told(asked);
  const own = await tokenizer.encode([{ text: SCRIPTS_PROBE, control: false }]);
  if (ids === undefined || isDeepStrictEqual(ids, own)) return;
  const text = Buffer.concat(await tokenizer.decode(ids as TokenId[])).toString('utf8');
  if (text.replace(/^ /, '') !== SCRIPTS_PROBE) throw otherTokenizer(path, server);
}

/**
 * The same by the texts that a server tells of ids which were sent to it. How it writes a text is not known for certain,
 * so most have to agree; the ids of single characters are those of many vocabularies.
 *
 * @throws ConfigError for a tokenizer of another vocabulary
 */
export async function assertServedTexts(
  { path, tokenizer }: GivenTokenizer,
  server: ServerName,
  ids: readonly TokenId[],
  texts: readonly string[],
): Promise<void> {
  const own = await tokenizer.decode(ids);
  const longer = own.flatMap((bytes, i) => {
    const text = Buffer.from(bytes).toString('utf8');
    return isTold(texts[i]) && isTold(text) && text.trim().length > 1 ? [readsAs(texts[i]!, bytes)] : [];
  });
  const agreeing = longer.filter((agrees) => agrees).length;
  if (agreeing < longer.length / 2) throw otherTokenizer(path, server);
}

/** Whether a token has a text of its own: one that is a part of a character has none. */
function isTold(text: string | undefined): boolean {
  return text !== undefined && !text.includes('\u{FFFD}') && !/^$|^(bytes|token_id):/.test(text);
}

function otherTokenizer(path: string, { engine, url }: ServerName): ConfigError {
  return new ConfigError(
    'other-tokenizer',
    `The tokenizer ${path} is not that of ${engine} at ${url}, where its token ids are other texts: give the served model's own tokenizer.json with ${settingName('tokenizer')}.`,
  );
}
