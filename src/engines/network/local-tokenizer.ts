import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expandHome } from '../../models/expand-home.ts';
import * as tokenizers from '@huggingface/tokenizers';
import { z } from 'zod';
import { anyOfPattern } from '../../core/any-of-pattern.ts';
import { ConfigError } from '../../core/errors.ts';
import type { TokenId } from '../../core/language-model.ts';
import { splitAtControlPattern } from '../../core/split-control-texts.ts';
import type { NetworkTokenizer } from './network-tokenizer.ts';
import { findSpelling, SPELLING_PROBE, tokenBytes, type TokenSpelling } from './token-spelling.ts';

const NO_BYTES = new Uint8Array();

const addedToken = z.looseObject({ id: z.int(), content: z.string(), special: z.boolean() });
const tokenizerFile = z.looseObject({ added_tokens: z.array(addedToken).default([]), model: z.looseObject({}) });
const tokenText = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]);
/** Of a list, the first is the one that the tokenizer itself writes. */
const tokenTexts = z.union([tokenText, z.array(tokenText).transform(([first]) => first)]);
const namedTemplates = z.array(z.object({ name: z.string(), template: z.string() }));
const templateText = z.union([
  z.string(),
  namedTemplates.transform((all) => all.find(({ name }) => name === 'default')?.template),
]);
const configFile = z.looseObject({
  bos_token: tokenText.nullish(),
  add_bos_token: z.boolean().nullish().catch(undefined),
  eos_token: tokenTexts.nullish(),
  chat_template: templateText.nullish().catch(undefined),
});

/** Its own types name files that TypeScript does not find. */
interface Tokenizer {
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: number[] };
  tokenize(text: string, options: { readonly add_special_tokens: boolean }): string[];
  id_to_token(id: number): string | undefined;
  get_vocab(): Map<string, number>;
}

const Tokenizer = tokenizers.Tokenizer as unknown as new (source: object, config: object) => Tokenizer;

type AddedToken = z.infer<typeof addedToken>;

/**
 * A model's own tokenizer from its `tokenizer.json`, or the folder that holds it; `tokenizer_config.json` and
 * `chat_template.jinja` beside it are read where they are there.
 *
 * @throws ConfigError for a file that is not there, no tokenizer, or of a kind whose tokens have no bytes
 */
export async function openLocalTokenizer(reference: string): Promise<NetworkTokenizer> {
  const path = expandHome(reference);
  const folder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const file = folder ? join(path, 'tokenizer.json') : path;
  const source = await readJson(file, tokenizerFile);
  if (source === undefined)
    throw new ConfigError('no-tokenizer', `There is no tokenizer ${file}: name a tokenizer.json.`);
  const config = (await readJson(join(dirname(file), 'tokenizer_config.json'), configFile)) ?? {};
  const template = await readFile(join(dirname(file), 'chat_template.jinja'), 'utf8').catch(() => undefined);
  try {
    return createTokenizer(source, {
      bosText: config.bos_token,
      addsBos: config.add_bos_token,
      eosText: config.eos_token,
      chatTemplate: template ?? config.chat_template,
    });
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError('bad-tokenizer', `The tokenizer ${file} can't be used: ${reason}.`, { cause });
  }
}

interface KnownTexts {
  readonly bosText?: string | null | undefined;
  readonly addsBos?: boolean | null | undefined;
  readonly eosText?: string | null | undefined;
  readonly chatTemplate?: string | null | undefined;
}

function createTokenizer(
  source: z.infer<typeof tokenizerFile>,
  { bosText: namedText, addsBos, eosText, chatTemplate }: KnownTexts,
): NetworkTokenizer {
  const special = source.added_tokens.filter((token) => token.special);
  const added = new Map(source.added_tokens.map((token) => [token.id, token]));
  const controlIds = new Map(special.map(({ content, id }) => [content, id as TokenId]));
  // Without the special tokens, so that a text never becomes one.
  const plain = new Tokenizer({ ...source, added_tokens: source.added_tokens.filter((token) => !token.special) }, {});
  const encodePlain = (text: string) => plain.encode(text, { add_special_tokens: false }).ids as TokenId[];
  const spelling = spellingOf(plain);
  const controlPattern = anyOfPattern([...controlIds.keys()]);
  // Merges, which take longest to read, say nothing of what a text begins with.
  const addedText = beginningOf(new Tokenizer({ ...source, model: { ...source.model, merges: [] } }, {}), added);
  const bosText = addedText ?? namedText;
  const bytes = (token: TokenId) => bytesOf(token, plain, added, spelling);
  return {
    vocabularySize: 1 + highestId(plain, added),
    controlTexts: [...controlIds.keys()],
    ...(bosText != null && { bosText }),
    addsBos: addsBos ?? addedText !== undefined,
    ...(eosText != null && { eosText }),
    ...(chatTemplate != null && { chatTemplate }),
    encode: (text) =>
      Promise.resolve(
        splitAtControlPattern(text, controlPattern).flatMap((part) =>
          part.isControlToken ? [controlIds.get(part.text)!] : encodePlain(part.text),
        ),
      ),
    bytesOf: bytes,
    decode: (tokens) => Promise.resolve(tokens.map(bytes)),
  };
}

/** Vocabularies are too long to be arguments of Math.max. */
function highestId(tokenizer: Tokenizer, added: ReadonlyMap<number, AddedToken>): number {
  let highest = -1;
  for (const id of tokenizer.get_vocab().values()) highest = Math.max(highest, id);
  for (const id of added.keys()) highest = Math.max(highest, id);
  return highest;
}

function bytesOf(
  token: TokenId,
  tokenizer: Tokenizer,
  added: ReadonlyMap<number, AddedToken>,
  spelling: TokenSpelling,
): Uint8Array {
  const known = added.get(token);
  if (known) return known.special ? NO_BYTES : Buffer.from(known.content, 'utf8');
  const text = tokenizer.id_to_token(token);
  return (text === undefined ? undefined : tokenBytes(spelling, text)) ?? NO_BYTES;
}

function spellingOf(tokenizer: Tokenizer): TokenSpelling {
  const tokens = tokenizer.tokenize(SPELLING_PROBE, { add_special_tokens: false });
  const spelling = findSpelling(tokens, SPELLING_PROBE);
  if (spelling) return spelling;
  throw new ConfigError('bad-tokenizer', 'This kind of tokenizer changes the text, so its tokens have no bytes');
}

/** The special token that the tokenizer itself puts first. */
function beginningOf(tokenizer: Tokenizer, added: ReadonlyMap<number, AddedToken>): string | undefined {
  const [first] = tokenizer.encode('a', { add_special_tokens: true }).ids;
  const token = first === undefined ? undefined : added.get(first);
  return token?.special ? token.content : undefined;
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError('bad-tokenizer', `${path} can't be read (${(cause as Error).message}).`, { cause });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConfigError('bad-tokenizer', `${path} is no file of a tokenizer: name the model's tokenizer.json.`, {
      cause,
    });
  }
}
