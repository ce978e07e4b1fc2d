import type { DraftWriter } from '../draft-writer.ts';
import type { CallOptions, LanguageModel, TokenId } from '../language-model.ts';
import type { ChatMessage } from '../prompt-format.ts';
import { commonPrefixLength } from '../common-prefix-length.ts';
import { continued } from '../continued.ts';
import type { TokenProposer } from './token-proposer.ts';

/** Tokens before a proposal that are tokenised with it, so that it is cut as it would be in the whole text. */
const LOOK_BEHIND = 8;

export interface DraftProposerOptions {
  readonly draft: DraftWriter;
  readonly base: LanguageModel;
  readonly messages: readonly ChatMessage[];
  /** Length of the base's prompt in its tokens: the response follows. */
  readonly promptTokens: number;
  /** What a token of the draft took so far, in milliseconds. */
  readonly msPerToken: number;
}

/**
 * The draft model guesses how the base's text goes on. Only text passes between the two, so their tokenizers may differ
 * (cf. "universal assisted decoding"): the draft reads the response so far as the beginning of its own answer, and what
 * it writes is tokenised by the base together with the last tokens before it.
 */
export function draftProposer(options: DraftProposerOptions): TokenProposer {
  const { draft, base, messages, promptTokens, msPerToken } = options;
  return {
    name: `draft ${draft.id}`,
    msPerToken,
    async propose(tokens, limit, signal) {
      const response = tokens.slice(promptTokens);
      const beginning = await textOf(base, response, { signal });
      if (beginning === undefined) return [];
      const text = await writeOn(draft, continued(messages, beginning), limit, signal);
      return text === '' ? [] : await tokensAfter(base, response.slice(-LOOK_BEHIND), text, { signal });
    },
  };
}

/** Undefined where the tokens end in the middle of a character. */
async function textOf(
  model: LanguageModel,
  tokens: readonly TokenId[],
  call: CallOptions,
): Promise<string | undefined> {
  const bytes = (await model.decode(tokens, call)).flatMap((piece) => [...piece]);
  const text = new TextDecoder().decode(Uint8Array.from(bytes));
  return text.endsWith('\uFFFD') ? undefined : text;
}

async function writeOn(
  draft: DraftWriter,
  messages: readonly ChatMessage[],
  maxTokens: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  let text = '';
  for await (const piece of draft.write(messages, { temperature: 0, maxTokens, ...(signal && { signal }) })) {
    text += piece.text;
  }
  return text;
}

async function tokensAfter(
  base: LanguageModel,
  tail: readonly TokenId[],
  text: string,
  call: CallOptions,
): Promise<readonly TokenId[]> {
  const tailText = (await textOf(base, tail, call)) ?? '';
  const together = await base.encode([{ text: tailText + text, control: false }], call);
  if (commonPrefixLength(together, tail) === tail.length) return together.slice(tail.length);
  return await base.encode([{ text, control: false }], call);
}
