import { CapabilityError } from '../../core/errors.ts';
import type { GeneratedToken, LanguageModel, TokenId } from '../../core/language-model.ts';
import type { ServerName } from '../http/http-failure.ts';

/** What follows has several likely ways to go on, so the logprobs of neighbouring tokens differ. */
const TEXT = 'Once upon a time there was a small town';
const TOKENS = 6;
/** Prompt and continuation are computed in other shapes, in half precision at times; a shift by one token is more. */
const TOLERANCE_NATS = 0.35;

/**
 * Scores a known short text and compares with what the server says of the same tokens when it writes them: a server
 * whose scores belong to other tokens, or are those after sampling, would switch at the wrong place.
 *
 * @throws CapabilityError that says what does not fit
 */
export async function probeScoring(
  model: LanguageModel,
  server: ServerName,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const bos = model.info.bosText === undefined ? [] : [{ text: model.info.bosText, control: true }];
  const prefix = await model.encode([...bos, { text: TEXT, control: false }]);
  const written = await writeGreedily(model, prefix, options);
  const tokens = written.map(({ token }) => token);
  const scores = await model.score(prefix, tokens, options);
  const worst = scores
    .map(({ logprob }, i) => Math.abs(logprob - (written[i]!.logprob ?? Number.NaN)))
    .reduce((left, right) => Math.max(left, right), 0);
  if (worst <= TOLERANCE_NATS) return;
  throw new CapabilityError(
    'scores-do-not-fit',
    `${server.engine} at ${server.url} can't be a base: what it scores and what it writes differ by ${worst.toFixed(2)} nats, so its scores belong to other tokens or are not the model's own. Try another server or a newer version.`,
  );
}

async function writeGreedily(
  model: LanguageModel,
  prefix: readonly TokenId[],
  options: { readonly signal?: AbortSignal },
): Promise<GeneratedToken[]> {
  const tokens: GeneratedToken[] = [];
  const generation = model.generate(prefix, { temperature: 0, maxTokens: TOKENS, logprobs: true, ...options });
  for await (const token of generation) tokens.push(token);
  return tokens;
}
