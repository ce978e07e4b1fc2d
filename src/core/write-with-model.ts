import type { DecodeEvent } from './decode-event.ts';
import type { DecodeRequest } from './decoding-strategy.ts';
import type { FinishReason, GenerateOptions, LanguageModel, TokenId } from './language-model.ts';
import type { ResponseRecorder } from './response-recorder.ts';
import { ngramLookup } from './speculation/ngram-lookup.ts';

/** The paper's limit for the model that finishes the response. */
const PAPER_TOKENS = 2048;

/** A request in the words of an engine; greedy unless asked otherwise, as in the paper. */
export function generateOptions(request: DecodeRequest): GenerateOptions {
  const { sampling, maxTokens = PAPER_TOKENS, speculate = true, signal } = request;
  return {
    temperature: 0,
    ...sampling,
    maxTokens,
    ...(speculate && { proposer: ngramLookup() }),
    ...(signal && { signal }),
  };
}

/** Lets the base write on after `prefix`, until it ends, reaches a limit, or writes a stop string. */
export async function* writeWithModel(
  model: LanguageModel,
  prefix: readonly TokenId[],
  request: DecodeRequest,
  record: ResponseRecorder,
): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const tokens = model.generate(prefix, { ...generateOptions(request), ...(request.logprobs && { logprobs: true }) });
  try {
    for (;;) {
      const next = await record.baseClock.time(() => tokens.next());
      if (next.done) return next.value;
      const { token, bytes, logprob } = next.value;
      yield* record.token({ id: token, source: 'base', ...(logprob !== undefined && { logprob }) }, bytes);
      if (record.stopped) return 'stop';
    }
  } finally {
    await tokens.return('stop');
  }
}
