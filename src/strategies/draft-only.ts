import type { DecodeEvent } from '../core/decode-event.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import type { DraftWriter } from '../core/draft-writer.ts';
import { decoderStrategy } from '../core/kit/decoder.ts';
import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { FinishReason } from '../core/language-model.ts';

/**
 * The small aligned model alone: y ~ draft(· | x), the baseline "Draft" of arXiv 2506.07434. It has no numbers of its
 * own; unset, the request's temperature is 0, as in the authors' code.
 */
export function draftOnly({ draft }: { readonly draft: DraftWriter }): DecodingStrategy {
  return decoderStrategy({ name: 'draft', needs: ['draft'], write }, { draft });
}

async function* write(response: GrowingResponse): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const encoder = new TextEncoder();
  const pieces = response.draft();
  try {
    for (;;) {
      const next = await pieces.next();
      if (next.done) return next.value;
      const { token, text, logprob } = next.value;
      yield* response.add({ token, bytes: encoder.encode(text), logprob }, 'draft');
      if (response.record.stopped) return 'stop';
    }
  } finally {
    await pieces.return('stop');
  }
}
