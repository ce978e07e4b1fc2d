import type { DecodeTrace } from '../../core/decode-trace.ts';

const REASONS = {
  confident: 'base confident',
  'draft-ended': 'draft ended',
  'draft-limit': 'draft limit',
} as const;

/** One line on a response, within 80 columns as a rule: k, why the base took over, and the speed. */
export function summaryLine(trace: DecodeTrace): string {
  return [switchPart(trace), tokensPart(trace), ...speedParts(trace)].filter((part) => part !== '').join(' · ');
}

/** `k = 63 (base confident, 68 drafted)`; empty for strategies without a switch. */
export function switchPart({ switch: change, usage, strategy }: DecodeTrace): string {
  if (change) return `k = ${change.index} (${REASONS[change.reason]}, ${change.draftTokens} drafted)`;
  return strategy === 'wsd' ? `ended within the draft (${usage.draftTokens} drafted)` : `${strategy} alone`;
}

/** Tokens of the response for each second of it, from the prompt on. */
export function tokensPerSecond({ usage, timings }: DecodeTrace): number {
  return (1000 * (usage.keptDraftTokens + usage.baseTokens)) / timings.totalMs;
}

function tokensPart({ usage, finishReason }: DecodeTrace): string {
  const count = usage.keptDraftTokens + usage.baseTokens;
  return `${count} tokens${finishReason === 'length' ? ' (cut)' : ''}`;
}

function speedParts(trace: DecodeTrace): string[] {
  const { firstTokenMs } = trace.timings;
  if (firstTokenMs === undefined) return [];
  return [`${tokensPerSecond(trace).toFixed(1)} tokens/s`, `first ${(firstTokenMs / 1000).toFixed(2)} s`];
}
