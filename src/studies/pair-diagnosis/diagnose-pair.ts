import type { DecodeTrace } from '../../core/decode-trace.ts';
import type { DecodingStrategy } from '../../core/decoding-strategy.ts';
import { weakToStrong } from '../../core/weak-to-strong.ts';
import { nudging } from '../../strategies/nudging.ts';
import type { Pair } from '../../assembly/load-pair.ts';

/** How much of the responses to some prompts the aligned model wrote. */
export interface PairDiagnosis {
  readonly prompts: number;
  /** Most base tokens that are looked at of each response. */
  readonly maxTokens: number;
  /** Nudging at γ = 0.4: nudged tokens over all tokens, of all responses together; and of each response. */
  readonly nudgedShare: number;
  readonly nudgedShares: readonly number[];
  /** Weak-to-strong decoding with the paper's criterion: drafted tokens over all tokens, likewise. */
  readonly draftedShare: number;
  readonly draftedShares: readonly number[];
}

export interface DiagnosisOptions {
  readonly prompts: readonly string[];
  readonly maxTokens: number;
  readonly signal?: AbortSignal | undefined;
  /** Called when another prompt was answered by both. */
  readonly onPrompt?: (done: number) => void;
}

/** Answers each prompt greedily by nudging and by weak-to-strong decoding, and counts who wrote what. */
export async function diagnosePair(pair: Pair, options: DiagnosisOptions): Promise<PairDiagnosis> {
  const { prompts, maxTokens, onPrompt } = options;
  const { base, baseFormat, draft } = pair;
  const nudged = nudging({ base, baseFormat, draft });
  const drafted = weakToStrong({ base, baseFormat, draft, maxDraftTokens: maxTokens });
  const counts: Record<'nudged' | 'drafted', Count[]> = { nudged: [], drafted: [] };
  for (const [i, prompt] of prompts.entries()) {
    counts.nudged.push(countOf(await decode(nudged, prompt, options), maxTokens));
    counts.drafted.push(countOf(await decode(drafted, prompt, options), maxTokens));
    onPrompt?.(i + 1);
  }
  return {
    prompts: prompts.length,
    maxTokens,
    nudgedShare: share(total(counts.nudged)),
    nudgedShares: counts.nudged.map(share),
    draftedShare: share(total(counts.drafted)),
    draftedShares: counts.drafted.map(share),
  };
}

interface Count {
  readonly aligned: number;
  readonly all: number;
}

async function decode(
  strategy: DecodingStrategy,
  prompt: string,
  { maxTokens, signal }: DiagnosisOptions,
): Promise<DecodeTrace> {
  const events = strategy.decode({
    messages: [{ role: 'user', content: prompt }],
    maxTokens,
    ...(signal && { signal }),
  });
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}

/** Of the first tokens of a response; a long draft is followed by as many of the base again. */
function countOf({ tokens }: DecodeTrace, maxTokens: number): Count {
  const first = tokens.slice(0, maxTokens);
  return { aligned: first.filter(({ source }) => source === 'draft').length, all: first.length };
}

function total(counts: readonly Count[]): Count {
  return counts.reduce((sum, { aligned, all }) => ({ aligned: sum.aligned + aligned, all: sum.all + all }), {
    aligned: 0,
    all: 0,
  });
}

/** 0 of nothing: an empty response needed no help. */
function share({ aligned, all }: Count): number {
  return all === 0 ? 0 : aligned / all;
}
