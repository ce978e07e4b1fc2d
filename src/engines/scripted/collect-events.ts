import type { DecodeEvent } from '../../core/decode-event.ts';
import type { DecodeTrace } from '../../core/decode-trace.ts';
import type { DecodingStrategy } from '../../core/decoding-strategy.ts';

/** Reads a response to its end. */
export async function collectEvents(
  response: ReturnType<DecodingStrategy['decode']>,
): Promise<{ events: DecodeEvent[]; trace: DecodeTrace }> {
  const events: DecodeEvent[] = [];
  for (;;) {
    const next = await response.next();
    if (next.done) return { events, trace: next.value };
    events.push(next.value);
  }
}
