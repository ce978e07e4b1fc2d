import { beginningOfText } from '../../core/beginning-of-text.ts';
import { CapabilityError } from '../../core/errors.ts';
import type { GeneratedToken, LanguageModel, TokenId, TokenScore } from '../../core/language-model.ts';
import type { ServerName } from '../http/http-failure.ts';

/** What follows has several likely ways to go on, so the logprobs of neighbouring tokens differ. */
const TEXT = 'Once upon a time there was a small town';
/** One of these ways: no token of it is impossible. */
const CONTINUATION = ' by the sea';
const TOKENS = 6;
/** Prompt and continuation are computed in other shapes, in half precision at times; a shift by one token is more. */
const TOLERANCE_NATS = 0.35;

interface ProbeOptions {
  readonly signal?: AbortSignal;
}

/**
 * Scores a known short text, and compares what the server says of tokens when it scores them and when it writes them: a
 * server whose scores belong to other tokens, or are those after sampling, would switch at the wrong place.
 *
 * @throws CapabilityError that says what does not fit
 */
export async function probeScoring(
  model: LanguageModel,
  server: ServerName,
  options: ProbeOptions = {},
): Promise<void> {
  const prefix = await model.encode([...beginningOfText(model.info), { text: TEXT, control: false }], options);
  const known = await model.encode([{ text: CONTINUATION, control: false }], options);
  assertScored(server, await model.score(prefix, known, options), known.length);
  const written = withLogprobs(server, await writeGreedily(model, prefix, options));
  const tokens = written.map(({ token }) => token);
  assertAgree(server, await model.score(prefix, tokens, options), written);
}

function assertScored(server: ServerName, scores: readonly TokenScore[], tokens: number): void {
  const usable = scores.filter(({ logprob }) => Number.isFinite(logprob)).length;
  if (scores.length === tokens && usable === tokens) return;
  throw unfit(server, 'scores-missing', `of ${tokens} tokens of a plain text it gives logprobs for ${usable}`);
}

/** The first tokens, as far as their logprobs are told: what follows another one may not be what the server had before it. */
function withLogprobs(
  server: ServerName,
  written: readonly GeneratedToken[],
): (GeneratedToken & { readonly logprob: number })[] {
  const untold = written.findIndex(({ logprob }) => logprob === undefined);
  const told = written.slice(0, untold < 0 ? written.length : untold);
  if (written.length === 0) {
    throw unfit(server, 'nothing-written', "it writes nothing after a plain text, so its scores can't be compared");
  }
  if (told.length === 0) {
    throw unfit(
      server,
      'no-written-logprobs',
      'it tells no logprobs of what it writes, with which its scores could be compared',
    );
  }
  return told.map((token) => ({ ...token, logprob: token.logprob! }));
}

function assertAgree(
  server: ServerName,
  scores: readonly TokenScore[],
  written: readonly { readonly logprob: number }[],
): void {
  const apart = written.map(({ logprob }, i) => Math.abs(logprob - (scores[i]?.logprob ?? -Infinity)));
  const worst = Math.max(...apart);
  if (worst <= TOLERANCE_NATS) return;
  const reason = `what it scores and what it writes differ by ${worst.toFixed(2)} nats, so its scores belong to other tokens or are not the model's own`;
  throw unfit(server, 'scores-do-not-fit', reason);
}

function unfit({ engine, url }: ServerName, code: string, reason: string): CapabilityError {
  const message = `${engine} at ${url} can't be a base: ${reason}; try another server, another model or a newer version.`;
  return new CapabilityError(code, message);
}

async function writeGreedily(
  model: LanguageModel,
  prefix: readonly TokenId[],
  options: ProbeOptions,
): Promise<GeneratedToken[]> {
  const tokens: GeneratedToken[] = [];
  const generation = model.generate(prefix, { temperature: 0, maxTokens: TOKENS, logprobs: true, ...options });
  for await (const token of generation) tokens.push(token);
  return tokens;
}
