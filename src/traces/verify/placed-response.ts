import type { RunResult } from '../../assembly/run-result.ts';
import { dropBytes } from '../../core/drop-bytes.ts';
import { joinBytes } from '../../core/join-bytes.ts';
import type { LanguageModel, TokenId } from '../../core/language-model.ts';
import { Utf8Stream } from '../../core/utf8-stream.ts';
import type { Findings } from './findings.ts';

/** How many tokens of a prompt's end may be others once the response stands behind it. */
const SEAM_TOKENS = 8;

/** A response in the base's tokens, behind its prompt. */
export interface PlacedResponse {
  readonly prefix: readonly TokenId[];
  readonly ids: readonly TokenId[];
  /** Each token's part of the response. */
  readonly bytes: readonly Uint8Array[];
  /** The same as text: whole characters, each with the token that ends it. */
  readonly texts: readonly string[];
}

/**
 * Where the response's tokens stand. A drafted token may span the end of the prompt, whose last tokens it then replaces.
 *
 * @returns undefined where the tokens are none of this base's
 */
export async function placeResponse(
  { request: { prompt }, tokens, usage }: RunResult,
  base: LanguageModel,
  findings: Findings,
): Promise<PlacedResponse | undefined> {
  const promptTokens = await base.encode(prompt!.text);
  if (promptTokens.length !== usage.promptTokens) {
    findings.isFalse('prompt', `The prompt has ${promptTokens.length} tokens, not ${usage.promptTokens}.`);
    return undefined;
  }
  const ids = tokens.map(({ id }) => id);
  const strange = ids.findIndex((id) => id === null || id >= (base.info.vocabularySize ?? Infinity));
  if (strange >= 0) {
    findings.isFalse(
      'text',
      `Token ${strange} has the id ${String(ids[strange])}, which ${base.id} does not have.`,
      strange,
    );
    return undefined;
  }
  const whole = await base.decode(ids as TokenId[]);
  const end = await base.decode(promptTokens.slice(-SEAM_TOKENS));
  // A model needs a token before it can score.
  const longest = Math.min(SEAM_TOKENS, promptTokens.length - 1);
  const places = Array.from({ length: longest + 1 }, (_, back) => placeAt(back, { promptTokens, end, whole }));
  const [first, ...others] = places.filter((place) => place !== undefined);
  const best = others.reduce((a, b) => (countAgreeing(b, tokens) > countAgreeing(a, tokens) ? b : a), first!);
  return { ...best, ids: ids as TokenId[] };
}

interface Pieces {
  readonly promptTokens: readonly TokenId[];
  /** The bytes of its last tokens. */
  readonly end: readonly Uint8Array[];
  /** Those of the response's tokens. */
  readonly whole: readonly Uint8Array[];
}

/** With the last `back` tokens of the prompt replaced, where the response's tokens begin with their bytes. */
function placeAt(back: number, { promptTokens, end, whole }: Pieces): Omit<PlacedResponse, 'ids'> | undefined {
  const replaced = joinBytes(end.slice(end.length - back));
  const begun = joinBytes(whole).subarray(0, replaced.length);
  if (begun.join() !== replaced.join()) return undefined;
  const bytes = dropBytes(whole, replaced.length);
  return { prefix: promptTokens.slice(0, promptTokens.length - back), bytes, texts: ownTexts(bytes) };
}

function ownTexts(bytes: readonly Uint8Array[]): string[] {
  const stream = new Utf8Stream();
  return bytes.map((piece) => stream.push(piece));
}

function countAgreeing({ texts }: Pick<PlacedResponse, 'texts'>, tokens: RunResult['tokens']): number {
  const parting = texts.findIndex((text, i) => text !== tokens[i]!.text);
  return parting < 0 ? texts.length : parting;
}
