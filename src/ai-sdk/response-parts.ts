import type { LanguageModelV4ResponseMetadata, LanguageModelV4StreamPart, SharedV4Warning } from '@ai-sdk/provider';
import type { DecodeEvent, DecodeTrace } from '../core/decode-event.ts';
import { responseMetadata } from './response-metadata.ts';
import type { StartedResponse } from './start-response.ts';
import { toFinish } from './to-finish.ts';

export interface PartsOptions {
  readonly head: LanguageModelV4ResponseMetadata;
  readonly warnings: SharedV4Warning[];
  readonly withTrace: boolean;
  readonly withRaw: boolean;
}

type Parts = Generator<LanguageModelV4StreamPart, void, void>;

/** The one block of text of a response. */
const TEXT = 'text';

/** The events of a response as the AI SDK's stream parts; each piece of text says which model wrote it. */
export async function* responseParts(
  { first, events }: StartedResponse,
  options: PartsOptions,
): AsyncGenerator<LanguageModelV4StreamPart, void, void> {
  try {
    yield { type: 'stream-start', warnings: options.warnings };
    yield { type: 'response-metadata', ...options.head };
    yield* partsOf(first, options);
    for await (const event of events) yield* partsOf(event, options);
  } finally {
    await events.return(undefined as never);
  }
}

function* partsOf(event: DecodeEvent, options: PartsOptions): Parts {
  if (options.withRaw) yield { type: 'raw', rawValue: event };
  switch (event.type) {
    case 'decode-start':
      yield { type: 'text-start', id: TEXT };
      break;
    case 'token':
      // Half a character has no text yet.
      if (event.text !== '') yield { type: 'text-delta', id: TEXT, delta: event.text, ...writtenBy(event.source) };
      break;
    case 'model-switch':
    case 'hand-back':
      break;
    case 'decode-end':
      yield* endingParts(event.trace, options);
  }
}

function* endingParts(trace: DecodeTrace, { withTrace }: PartsOptions): Parts {
  const wellbegun = { ...responseMetadata(trace, { withTrace }) };
  yield { type: 'text-end', id: TEXT };
  yield { type: 'finish', ...toFinish(trace), providerMetadata: { wellbegun } };
}

function writtenBy(source: string) {
  return { providerMetadata: { wellbegun: { source } } };
}
