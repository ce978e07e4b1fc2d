import type { DecodeOptions, DecodeTrace, Pair } from '../../src/index.ts';
import { forget, msPerToken, respond } from '../respond.ts';
import { type GrowthPoint, pointOf } from './series.ts';
import { watchProposals } from './watch-proposals.ts';

/** Names of what is measured, in the order in which pages and plots show them. */
export const METRICS = {
  firstTokenMs: 'first token, ms',
  msPerToken: 'a response token, ms',
  ratio: 'time per token, over the base alone',
  vainTokens: 'tokens drafted in vain',
  keptDraftTokens: 'kept draft tokens',
  acceptance: 'acceptance of proposals',
  requestMsPerToken: 'a response token of one request, ms',
} as const;

export type Metric = keyof typeof METRICS;

/** Runs the prompts one after another, by both models and by the base alone in turn. */
export async function measurePoint(
  pair: Pair,
  x: number,
  prompts: readonly string[],
  options: DecodeOptions,
): Promise<GrowthPoint> {
  const values: Record<Metric, number[]> = {
    firstTokenMs: [],
    msPerToken: [],
    ratio: [],
    vainTokens: [],
    keptDraftTokens: [],
    acceptance: [],
    requestMsPerToken: [],
  };
  const watched = watchProposals(pair.base);
  for (const prompt of prompts) {
    await forget(pair);
    const trace = await respond({ ...pair, base: watched.model }, { ...options, prompt, confidences: 'deciding' });
    await forget(pair);
    const base = await respond(pair, { strategy: 'base', speculate: false, prompt, maxTokens: responseLimit(trace) });
    values.firstTokenMs.push(trace.timings.firstTokenMs ?? Number.NaN);
    values.msPerToken.push(msPerToken(trace));
    values.ratio.push(msPerToken(trace) / msPerToken(base));
    values.vainTokens.push(vainTokens(trace));
    values.keptDraftTokens.push(trace.usage.keptDraftTokens);
    values.acceptance.push(watched.takeAcceptance());
  }
  return pointOf(x, values);
}

/** The base alone is asked for a response of the same length. */
function responseLimit({ usage }: DecodeTrace): number {
  return Math.max(usage.keptDraftTokens + usage.baseTokens, 1);
}

/** Draft tokens over kept base tokens; the vocabularies differ, so a small number either way is none. */
function vainTokens({ usage }: DecodeTrace): number {
  return Math.max(usage.draftTokens - usage.keptDraftTokens, 0);
}
