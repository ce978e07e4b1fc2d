import { CapabilityError } from '../../core/errors.ts';
import type { LanguageModel, TokenId, TokenScore } from '../../core/language-model.ts';
import { CompletionLogprobs } from '../replies/completion-logprobs.ts';
import { tokenTexts } from './token-text.ts';
import { Utf8Stream } from '../../core/utf8-stream.ts';
import { codePoints } from '../../core/code-points.ts';

export interface Echo {
  readonly text: string;
  /** Of the token that ends a text. */
  readonly endText: string;
  readonly logprobs?: CompletionLogprobs;
}

export interface EchoOptions {
  /** 0: each token's own logprob; 1: the most likely token's as well. Undefined: text only. */
  readonly logprobs: number | undefined;
  /** What stands before the tokens and is not part of the reply. */
  readonly before: readonly TokenId[];
  readonly signal: AbortSignal;
}

/** The prompt as part of the reply: its text and, where asked for, the model's own probability of each token. */
export async function echoPrompt(
  model: LanguageModel,
  tokens: readonly TokenId[],
  { logprobs: top, before, signal }: EchoOptions,
): Promise<Echo> {
  const pieces = await model.decode(tokens);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(pieces));
  const { eosText: endText = '' } = model.info;
  if (top === undefined) return { text, endText };
  const statistics = top > 0;
  // The first token of all has nothing before it that it could be likely after.
  const unscored = before.length > 0 ? 0 : 1;
  const prefix = [...before, ...tokens.slice(0, unscored)];
  const scores = await model.score(prefix, tokens.slice(unscored), { statistics, signal });
  const firsts = scores.map(({ firstChoice, token }) => firstChoice ?? token);
  const [texts, firstTexts] = await Promise.all([tokenTexts(model, tokens), tokenTexts(model, firsts)]);
  const logprobs = new CompletionLogprobs(top);
  const written = new Utf8Stream();
  for (const [i, piece] of pieces.entries()) {
    const score = scores[i - unscored];
    const best = score && statistics ? { [firstTexts[i - unscored]!]: bestLogprob(model, score) } : undefined;
    logprobs.add({ text: texts[i]!, logprob: score?.logprob, length: codePoints(written.push(piece)), best });
  }
  return { text, endText, logprobs };
}

function bestLogprob({ id }: LanguageModel, { rank, logprob, firstChoiceLogprob }: TokenScore): number {
  const best = rank === 1 ? logprob : firstChoiceLogprob;
  if (best !== undefined) return best;
  throw new CapabilityError('no-top-logprobs', `The engine of ${id} gives no most likely token: ask for logprobs: 0.`);
}
