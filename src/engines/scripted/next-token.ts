import type { TokenId } from '../../core/language-model.ts';
import { byteString } from './byte-string.ts';
import { createRandom } from './random.ts';
import type { ScriptedVocabulary } from './scripted-vocabulary.ts';

/** Probabilities, not logarithms; a token that is not in it has 0. */
export type Distribution = ReadonlyMap<TokenId, number>;

/** The model itself: the probabilities of the next token after `tokens`. A pure function. */
export type NextToken = (tokens: readonly TokenId[], vocabulary: ScriptedVocabulary) => Distribution;

/**
 * Probabilities by text, for vocabularies whose tokens are known: `choose` gets all the text so far (control tokens as
 * their texts) and names the next tokens by their texts; the end is the text of the end token.
 */
export function byText(choose: (text: string) => Readonly<Record<string, number>>): NextToken {
  return (tokens, vocabulary) => {
    const entries = Object.entries(choose(vocabulary.textOf(tokens)));
    return new Map(entries.map(([text, probability]) => [vocabulary.idOf(text), probability]));
  };
}

/**
 * Writes `answer` after the last `marker` of the text, in the tokenizer's own tokens, then ends its turn; ends at once
 * where something else stands there already. Certain of all it writes.
 */
export function writes(answer: string, { marker = 'ssistant]\n' }: { readonly marker?: string } = {}): NextToken {
  return (tokens, vocabulary) => {
    const before = vocabulary.decode(tokens).map(byteString).join('');
    const at = before.lastIndexOf(byteString(marker));
    const written = at < 0 ? undefined : before.slice(at + byteString(marker).length);
    return new Map([[nextOf(answer, written, vocabulary), 1]]);
  };
}

function nextOf(answer: string, written: string | undefined, vocabulary: ScriptedVocabulary): TokenId {
  const [end] = vocabulary.endTokens;
  const whole = byteString(answer);
  if (written === undefined || !whole.startsWith(written) || whole === written) return end!;
  const tokens = vocabulary.encode([{ text: answer, control: false }]);
  let length = 0;
  for (const [i, bytes] of vocabulary.decode(tokens).entries()) {
    if (length === written.length) return tokens[i]!;
    length += bytes.length;
  }
  return whole.charCodeAt(written.length) as TokenId;
}

/**
 * A made-up model: each token has a probability above 0 that depends on the last three tokens and the seed. The end
 * tokens share `endProbability`, the other control tokens have none.
 */
export function pseudoRandom(
  seed: number,
  { endProbability = 0.01 }: { readonly endProbability?: number } = {},
): NextToken {
  return (tokens, vocabulary) => {
    const random = createRandom(tokens.slice(-3).reduce((hash, token) => Math.imul(hash ^ token, 0x01000193), seed));
    const plain = vocabulary.size - vocabulary.controlTexts.length;
    const weights = Array.from({ length: plain }, () => Math.exp(8 * random()));
    const total = weights.reduce((sum, weight) => sum + weight, 0) / (1 - endProbability);
    const distribution = new Map(weights.map((weight, id) => [id as TokenId, weight / total]));
    for (const end of vocabulary.endTokens) distribution.set(end, endProbability / vocabulary.endTokens.size);
    return distribution;
  };
}
