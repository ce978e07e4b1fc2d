import type { TokenId, TokenScore } from '../../core/language-model.ts';
import { replyFailure, type ServerName } from '../http/http-failure.ts';
import type { PromptEntry } from './vllm-replies.ts';

/** vLLM writes this for a probability of 0. */
const IMPOSSIBLE = -9999;

/** The score of `token` by an entry of `prompt_logprobs`. @throws EngineError for an entry of another token */
export function readEntry(
  server: ServerName,
  entry: PromptEntry | null | undefined,
  token: TokenId,
  statistics: boolean,
): TokenScore {
  const own = entry?.[token];
  if (!entry || own === undefined) throw replyFailure(server, `no score of token ${token}`);
  return { token, logprob: readLogprob(own.logprob), ...(statistics && statisticsOf(entry, own.rank)) };
}

export function readLogprob(written: number): number {
  return written <= IMPOSSIBLE ? -Infinity : Math.min(written, 0);
}

function statisticsOf(entry: PromptEntry, rank: number | null | undefined): Pick<TokenScore, 'rank' | 'firstChoice'> {
  const first = Object.entries(entry).find(([, { rank: place }]) => place === 1)?.[0];
  return { ...(rank != null && { rank }), ...(first !== undefined && { firstChoice: Number(first) as TokenId }) };
}
