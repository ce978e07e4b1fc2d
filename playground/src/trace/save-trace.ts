import type { ResponseEnd } from './shown-response.ts';
import { TRACE_VERSION } from './trace-file.ts';

interface Used {
  readonly gamma: number;
  readonly window: number;
  readonly maxTokens: number;
  readonly temperature: number;
}

/** Saves a response as `run --json` would, but for the prompt of the base and the files of models, which a gateway keeps to itself. */
export function saveTrace(end: ResponseEnd, prompt: string, used: Used): void {
  const text = JSON.stringify(traceFile(end, prompt, used), undefined, 2);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'trace.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

function traceFile({ finishReason, trace, usage }: ResponseEnd, prompt: string, used: Used): object {
  const { strategy, models, switch: change, tokens, timings } = trace;
  const drafted = tokens.filter(({ source }) => source === 'draft').length;
  return {
    version: TRACE_VERSION,
    request: {
      messages: [{ role: 'user', content: prompt }],
      prompt: null,
      strategy,
      criterion: `confidence(window=${used.window}, threshold=${used.gamma})`,
      models: {},
      settings: { maxResponseTokens: used.maxTokens, temperature: used.temperature },
    },
    text: tokens.map(({ text }) => text).join(''),
    strategy,
    switch: change && { index: change.index, reason: change.reason, draftTokens: change.draft_tokens },
    tokens,
    usage: {
      promptTokens: usage.prompt_tokens,
      draftTokens: change?.draft_tokens ?? drafted,
      keptDraftTokens: drafted,
      baseTokens: tokens.length - drafted,
      totalTokens: usage.prompt_tokens + tokens.length,
    },
    timings: {
      firstTokenMs: timings.first_token_ms,
      draftMs: timings.draft_ms,
      scoreMs: timings.score_ms,
      baseMs: timings.base_ms,
      totalMs: timings.total_ms,
    },
    models,
    finishReason,
  };
}
