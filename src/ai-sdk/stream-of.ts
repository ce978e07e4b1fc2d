import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { WellbegunError } from '../core/errors.ts';

type Parts = AsyncGenerator<LanguageModelV4StreamPart, void, void>;

/**
 * A stream that pulls a part only when its reader wants one. A reader that leaves aborts `left`, which stops the models
 * within a token. A failure of a model is a part of the stream, as the specification has it; an abort breaks it.
 */
export function streamOf(parts: Parts, left: AbortController): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream<LanguageModelV4StreamPart>(
    {
      async pull(controller) {
        const next = await parts.next().catch((error: unknown) => {
          if (!(error instanceof WellbegunError)) throw error;
          for (const part of failedParts(error)) controller.enqueue(part);
        });
        if (next?.done === false) controller.enqueue(next.value);
        else controller.close();
      },
      async cancel() {
        left.abort();
        await parts.return();
      },
    },
    { highWaterMark: 0 },
  );
}

function failedParts(error: WellbegunError): LanguageModelV4StreamPart[] {
  const unknown = { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined };
  const usage = { inputTokens: unknown, outputTokens: { total: undefined, text: undefined, reasoning: undefined } };
  return [
    { type: 'error', error },
    { type: 'finish', finishReason: { unified: 'error', raw: error.code }, usage },
  ];
}
