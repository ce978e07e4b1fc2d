import { settingName } from '../core/setting-name.ts';
import { assertGivesLogprobs } from '../core/assert-gives-logprobs.ts';
import { assertTakes } from '../core/assert-takes.ts';
import type { DecodeRequest, DecodingStrategy } from '../core/decoding-strategy.ts';
import type { DraftWriter } from '../core/draft-writer.ts';
import { ResponseRecorder } from '../core/response-recorder.ts';
import { assertFits } from '../core/token-budget.ts';

/**
 * The small aligned model alone: y ~ draft(· | x), the baseline "Draft" of arXiv 2506.07434. It has no numbers of its
 * own; unset, the request's temperature is 0, as in the authors' code.
 */
export function draftOnly(options: { readonly draft: DraftWriter }): DecodingStrategy {
  return { name: 'draft', decode: (request) => decode(options.draft, request) };
}

async function* decode(draft: DraftWriter, request: DecodeRequest): ReturnType<DecodingStrategy['decode']> {
  assertTakes(request, draft);
  assertGivesLogprobs(draft, draft.givesLogprobs, request);
  const record = new ResponseRecorder(request);
  const measure = await draft.measure?.(request.messages, { signal: request.signal });
  if (measure) {
    const { promptTokens, contextLength } = measure;
    assertFits({ id: draft.id, info: { contextLength } }, promptTokens, {
      option: settingName('maxTokens'),
      tokens: request.maxTokens,
    });
    record.promptTokens = promptTokens;
  }
  yield record.start({ strategy: 'draft', models: { draft: draft.id } });
  const pieces = draft.write(request.messages, {
    ...record.writerOptions(),
    ...(request.logprobs && { logprobs: true }),
  });
  const encoder = new TextEncoder();
  try {
    for (;;) {
      const next = await record.draftClock.time(() => pieces.next());
      if (next.done) return yield* record.end(next.value);
      record.draftTokens++;
      const { token, text, logprob } = next.value;
      yield* record.token(
        { id: token, source: 'draft', ...(logprob !== undefined && { logprob }) },
        encoder.encode(text),
      );
      if (record.stopped) return yield* record.end('stop');
    }
  } finally {
    await pieces.return('stop');
  }
}
