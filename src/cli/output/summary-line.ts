import type { SwitchReason } from '../../core/decode-event.ts';
import type { FinishReason } from '../../core/language-model.ts';
import type { DecodeTrace } from '../../core/decode-trace.ts';

const REASONS = {
  confident: 'base confident',
  'draft-ended': 'draft ended',
  'draft-limit': 'draft limit',
  'draft-filtered': 'draft filtered',
  'draft-empty': 'draft empty',
} as const satisfies Record<SwitchReason, string>;

const ENDINGS = {
  stop: '',
  length: ' (cut)',
  content_filter: ' (filtered)',
  loop: ' (repeats itself; try --repetition-penalty 1.2)',
} as const satisfies Record<FinishReason, string>;

/** Strategies with a switch, whose response may end before it. */
const BEGIN_WITH_DRAFT: readonly string[] = ['wsd', 'handback', 'recheck'];

/** One line on a response, within 80 columns as a rule: k, why the base took over, and the speed. */
export function summaryLine(trace: DecodeTrace): string {
  const parts = [switchPart(trace), ...exchangeParts(trace), tokensPart(trace), ...speedParts(trace)];
  return parts.filter((part) => part !== '').join(' · ');
}

/** `k = 63 base tokens (base confident)`; the strategy's name where it has no switch. */
export function switchPart({ switch: change, usage, strategy }: DecodeTrace): string {
  if (change) return `k = ${change.index} base tokens (${REASONS[change.reason]})`;
  if (strategy === 'base' || strategy === 'draft') return `${strategy} alone`;
  if (strategy === 'nudging') return `nudging, ${percent(usage.keptDraftTokens, usage)} nudged`;
  return BEGIN_WITH_DRAFT.includes(strategy) ? `ended within the draft (${usage.draftTokens} draft tokens)` : strategy;
}

/** What else happened: hand-backs, and what was written in vain. */
function exchangeParts({ handBacks = [], usage: { discardedTokens = 0 } }: DecodeTrace): string[] {
  const times = handBacks.length === 1 ? 'hand-back' : 'hand-backs';
  return [
    ...(handBacks.length > 0 ? [`${handBacks.length} ${times}`] : []),
    ...(discardedTokens > 0 ? [`${discardedTokens} discarded`] : []),
  ];
}

function percent(part: number, { keptDraftTokens, baseTokens }: DecodeTrace['usage']): string {
  return `${Math.round((100 * part) / Math.max(keptDraftTokens + baseTokens, 1))}%`;
}

/** Tokens of the response for each second of it, from the prompt on. */
export function tokensPerSecond({ usage, timings }: DecodeTrace): number {
  return (1000 * (usage.keptDraftTokens + usage.baseTokens)) / timings.totalMs;
}

function tokensPart({ usage, finishReason }: DecodeTrace): string {
  const count = usage.keptDraftTokens + usage.baseTokens;
  return `${count} tokens${ENDINGS[finishReason]}`;
}

function speedParts(trace: DecodeTrace): string[] {
  const { firstTokenMs } = trace.timings;
  if (firstTokenMs === undefined) return [];
  return [`${tokensPerSecond(trace).toFixed(1)} tokens/s`, `first ${(firstTokenMs / 1000).toFixed(2)} s`];
}
