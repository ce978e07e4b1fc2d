import type { DecodeTrace } from '../../core/decode-event.ts';
import type { ChoiceEvent } from '../choices.ts';

/** Reads all responses to their ends; their traces, in the order of the choices. */
export async function readTraces(events: AsyncIterable<ChoiceEvent>): Promise<DecodeTrace[]> {
  const traces: DecodeTrace[] = [];
  for await (const { index, event } of events) if (event.type === 'decode-end') traces[index] = event.trace;
  return traces;
}
