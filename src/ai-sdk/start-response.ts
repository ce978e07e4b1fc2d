import type { DecodeEvent, DecodeTrace } from '../core/decode-event.ts';
import { decode } from '../assembly/decode.ts';
import type { DecodeOptions } from '../assembly/decode-options.ts';
import type { Models } from '../assembly/load-pair.ts';

export interface StartedResponse {
  readonly first: DecodeEvent;
  readonly events: AsyncGenerator<DecodeEvent, DecodeTrace, void>;
}

/** Begins a response: what is wrong with the call itself is said here, before anything is streamed. */
export async function startResponse(models: Models, options: DecodeOptions): Promise<StartedResponse> {
  const events = decode(models, options);
  const first = await events.next();
  if (first.done) throw new Error('A response begins with an event.');
  return { first: first.value, events };
}
