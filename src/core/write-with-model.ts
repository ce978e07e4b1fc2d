import type { DecodeEvent } from './decode-event.ts';
import type { FinishReason, GeneratedToken, GenerateOptions, LanguageModel, TokenId } from './language-model.ts';
import type { ResponseRecorder } from './response-recorder.ts';

/** What a model that writes on is told besides the request's settings. */
export type WriteOptions = Partial<Pick<GenerateOptions, 'maxTokens' | 'logprobs' | 'proposers' | 'expected'>>;

/** What a model writes after `prefix`, by the settings of the request, until it ends or reaches a limit. */
export async function* generateWithModel(
  model: LanguageModel,
  prefix: readonly TokenId[],
  record: ResponseRecorder,
  { proposers = [], expected, ...more }: WriteOptions = {},
): AsyncGenerator<GeneratedToken, FinishReason, void> {
  const options = record.writerOptions();
  const tokens = model.generate(prefix, {
    ...options,
    stop: record.stops,
    ...(record.request.logprobs && { logprobs: true }),
    ...(options.proposers && { proposers: [...options.proposers, ...proposers], ...(expected && { expected }) }),
    ...more,
  });
  try {
    for (;;) {
      const next = await record.ask(record.baseClock, () => tokens.next());
      if (next.done) return next.value;
      yield next.value;
    }
  } finally {
    await tokens.return('stop');
  }
}

/** The same as the response, which a stop string ends as well. */
export async function* writeWithModel(
  model: LanguageModel,
  prefix: readonly TokenId[],
  record: ResponseRecorder,
): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const tokens = generateWithModel(model, prefix, record);
  try {
    for (;;) {
      const next = await tokens.next();
      if (next.done) return next.value;
      const { token, bytes, logprob } = next.value;
      yield* record.token({ id: token, source: 'base', ...(logprob !== undefined && { logprob }) }, bytes);
      if (record.stopped) return 'stop';
    }
  } finally {
    await tokens.return('stop');
  }
}
