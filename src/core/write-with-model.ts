import type { DecodeEvent } from './decode-event.ts';
import type { DecodeRequest } from './decoding-strategy.ts';
import type { FinishReason, LanguageModel, TokenId } from './language-model.ts';
import type { ResponseRecorder } from './response-recorder.ts';
import type { TokenProposer } from './speculation/token-proposer.ts';

/** What may speed up the model that writes on; the text does not depend on it. */
export interface Speculation {
  readonly proposers?: readonly TokenProposer[];
  readonly expected?: readonly TokenId[];
}

/** Lets the base write on after `prefix`, until it ends, reaches a limit, or writes a stop string. */
export async function* writeWithModel(
  model: LanguageModel,
  prefix: readonly TokenId[],
  request: DecodeRequest,
  record: ResponseRecorder,
  speculation: Speculation = {},
): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const options = record.writerOptions();
  const { proposers = [], expected } = speculation;
  const tokens = model.generate(prefix, {
    ...options,
    stop: record.stops,
    ...(request.logprobs && { logprobs: true }),
    ...(options.proposers && { proposers: [...options.proposers, ...proposers], ...(expected && { expected }) }),
  });
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
