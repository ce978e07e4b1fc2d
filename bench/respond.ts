import { type DecodeOptions, type DecodeTrace, type Models, decode } from '../src/index.ts';

/** One whole response. */
export async function respond(models: Models, options: DecodeOptions): Promise<DecodeTrace> {
  const events = decode(models, options);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}

/** Another conversation takes the caches, so that the next response reads its prompt itself, as a first message does. */
export async function forget(models: Models): Promise<void> {
  await respond(models, { prompt: 'Hello.', maxDraft: 2, maxTokens: 2 });
}

export function responseTokens({ usage }: DecodeTrace): number {
  return usage.keptDraftTokens + usage.baseTokens;
}

/** Wall-clock milliseconds a token of the response, kept draft tokens included; NaN for a response without tokens. */
export function msPerToken(trace: DecodeTrace): number {
  const tokens = responseTokens(trace);
  return tokens === 0 ? Number.NaN : trace.timings.totalMs / tokens;
}
