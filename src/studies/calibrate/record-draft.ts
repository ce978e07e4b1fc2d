import type { DecodeEvent } from '../../core/decode-event.ts';
import type { DecodeTrace } from '../../core/decode-trace.ts';
import type { DraftWriter } from '../../core/draft-writer.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import type { SwitchCriterion } from '../../core/switch-criterion.ts';
import { assertFits } from '../../core/token-budget.ts';
import { weakToStrong } from '../../core/weak-to-strong.ts';
import { samplingOf } from '../../assembly/decode.ts';
import type { Pair } from '../../assembly/load-pair.ts';
import { strategyOptions } from '../../assembly/strategy-options.ts';
import type { recordedSettings } from '../../settings/decoding.ts';
import type { Options } from '../../settings/setting.ts';
import type { DraftRecord, MeasuredTimes, RecordedToken } from './draft-record.ts';

/** The settings that drafts and their scores depend on; greedy unless asked otherwise. */
export interface RecordOptions extends Options<typeof recordedSettings> {
  readonly signal?: AbortSignal | undefined;
}

/** Tokens that the base writes to be timed. */
const TIMED_TOKENS = 17;

/** A draft and a base; who opened them closes them. */
export type RecordedPair = Omit<Pair, 'close'>;

/**
 * Lets the draft write to its end, and keeps what a criterion would have seen on the way: the strategy itself runs, with
 * a criterion that only listens. So what is replayed later is what would have happened.
 *
 * @throws ContextOverflowError, EngineError; AbortError
 */
export async function recordDraft(pair: RecordedPair, prompt: string, options: RecordOptions): Promise<DraftRecord> {
  const { base, baseFormat } = pair;
  const { system, signal } = options;
  const sampling = samplingOf(options);
  const user: ChatMessage = { role: 'user', content: prompt };
  const messages = system === undefined ? [user] : [{ role: 'system' as const, content: system }, user];
  const generation = { ...sampling, ...(signal && { signal }) };

  // The prompts' own times first: what follows finds them in the cache.
  const prefix = await base.encode(baseFormat.format(messages).text, { signal });
  assertFits(base, prefix.length);
  const baseTimes = await timeGeneration(base.generate(prefix, { ...generation, maxTokens: TIMED_TOKENS }));
  const draftTimes = await timeGeneration(pair.draft.write(messages, { ...generation, maxTokens: 1 }));

  const tokens: RecordedToken[] = [];
  const draft = countTokens(pair.draft);
  const criterion: SwitchCriterion = {
    name: 'recording',
    needsStatistics: base.capabilities.statistics,
    needsDraftLogprobs: draft.givesLogprobs ?? false,
    start: () => ({
      push(token) {
        tokens.push({ ...token, drafted: draft.written });
        return { value: undefined, accept: false };
      },
    }),
  };
  const limits = strategyOptions(options);
  const strategy = weakToStrong({ ...limits, base, baseFormat, draft, criterion, onNoSwitch: 'stop' });
  const trace = await lastOf(strategy.decode({ messages, sampling, ...(signal && { signal }) }));
  const times: MeasuredTimes = {
    draftPromptMs: draftTimes.firstMs,
    draftMs: trace.timings.draftMs,
    draftTokens: trace.usage.draftTokens,
    scoreMs: trace.timings.scoreMs,
    basePromptMs: baseTimes.firstMs,
    baseMs: baseTimes.restMs,
    baseTokens: baseTimes.rest,
  };
  return { prompt, finish: trace.finishReason, tokens, times };
}

/** The same writer; `written` is the number of tokens of its last text. */
function countTokens(draft: DraftWriter): DraftWriter & { readonly written: number } {
  let written = 0;
  return {
    id: draft.id,
    givesLogprobs: draft.givesLogprobs ?? false,
    close: () => draft.close(),
    get written() {
      return written;
    },
    async *write(messages, options) {
      written = 0;
      const pieces = draft.write(messages, options);
      try {
        for (;;) {
          const next = await pieces.next();
          if (next.done) return next.value;
          written++;
          yield next.value;
        }
      } finally {
        await pieces.return('stop');
      }
    },
  };
}

async function timeGeneration(tokens: AsyncGenerator<unknown, unknown, void>) {
  const start = performance.now();
  let firstMs: number | undefined;
  let count = 0;
  while (!(await tokens.next()).done) {
    firstMs ??= performance.now() - start;
    count++;
  }
  const allMs = performance.now() - start;
  firstMs ??= allMs;
  return { firstMs, restMs: allMs - firstMs, rest: Math.max(0, count - 1) };
}

async function lastOf(events: AsyncGenerator<DecodeEvent, DecodeTrace, void>): Promise<DecodeTrace> {
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}
