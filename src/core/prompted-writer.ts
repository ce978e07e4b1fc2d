import type { DraftPiece, DraftWriter } from './draft-writer.ts';
import type { FinishReason, GeneratedToken, GenerateOptions, LanguageModel } from './language-model.ts';
import type { ChatMessage, PromptFormat } from './prompt-format.ts';
import { type ResponseEvent, ResponseStream } from './response-stream.ts';
import { assertFits } from './token-budget.ts';

/** A language model with its chat template is a draft writer; the stop strings of its form end its turn. */
export function promptedWriter(model: LanguageModel, format: PromptFormat): DraftWriter {
  return {
    id: model.id,
    givesLogprobs: model.capabilities.generatedLogprobs ?? false,
    continuesAnswers: true,
    contextLength: model.info.contextLength,
    assertSampling: (sampling) => model.assertSampling?.(sampling),
    ...(model.device !== undefined && { device: model.device }),
    write: (messages, options) => write(model, format, messages, options),
    async measure(messages, options) {
      const prefix = await model.encode(format.format(messages).text, options);
      return { promptTokens: prefix.length, contextLength: model.info.contextLength };
    },
    close: () => model.close(),
  };
}

async function* write(
  model: LanguageModel,
  format: PromptFormat,
  messages: readonly ChatMessage[],
  options: GenerateOptions,
): AsyncGenerator<DraftPiece, FinishReason, void> {
  const { text, stop } = format.format(messages);
  const prefix = await model.encode(text, { signal: options.signal });
  assertFits(model, prefix.length);
  const tokens = model.generate(prefix, { ...options, stop });
  const stream = new ResponseStream([], stop);
  try {
    for (;;) {
      const next = await tokens.next();
      yield* toPieces(next.done ? stream.end(next.value) : stream.pushToken(draftToken(next.value), next.value.bytes));
      if (stream.stopped) return 'stop';
      if (next.done) return next.value;
    }
  } finally {
    await tokens.return('stop');
  }
}

function draftToken({ token, logprob }: GeneratedToken) {
  return { id: token, source: 'draft', ...(logprob !== undefined && { logprob }) } as const;
}

function toPieces(events: readonly ResponseEvent[]): DraftPiece[] {
  return events
    .filter((event) => event.type === 'token')
    .map(({ text, id, logprob }) => ({
      text,
      ...(id !== undefined && { token: id }),
      ...(logprob !== undefined && { logprob }),
    }));
}
