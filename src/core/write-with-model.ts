import type { DecodeEvent } from './decode-event.ts';
import type { DecodeRequest } from './decoding-strategy.ts';
import type { FinishReason, GenerateOptions, LanguageModel, TokenId } from './language-model.ts';
import type { ResponseRecorder } from './response-recorder.ts';
import { ngramLookup } from './speculation/ngram-lookup.ts';
import type { TokenProposer } from './speculation/token-proposer.ts';

/** The paper's limit for the model that finishes the response. */
const PAPER_TOKENS = 2048;

/** A request in the words of an engine; greedy unless asked otherwise, as in the paper. */
export function generateOptions(request: DecodeRequest): GenerateOptions {
  const { sampling, maxTokens = PAPER_TOKENS, speculate = true, signal } = request;
  return {
    temperature: 0,
    ...sampling,
    maxTokens,
    ...(speculate && { proposers: lookups() }),
    ...(signal && { signal }),
  };
}

/** Long matches hold much more often than short ones: each has its own measure of what to propose. */
function lookups(): TokenProposer[] {
  return [
    ngramLookup({ shortest: 8, longest: 8, expectedShare: 0.9 }),
    ngramLookup({ shortest: 4, longest: 6, expectedShare: 0.7 }),
    ngramLookup({ shortest: 2, longest: 3, expectedShare: 0.4 }),
  ];
}

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
  const options = generateOptions(request);
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
