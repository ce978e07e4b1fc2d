import type { DecodeRequest } from './decoding-strategy.ts';
import type { GenerateOptions } from './language-model.ts';
import { ngramLookup } from './speculation/ngram-lookup.ts';
import type { TokenProposer } from './speculation/token-proposer.ts';

/**
 * The limit for the model that finishes the response, in the base's tokens. The paper's code has the same number for
 * kept and written tokens together, rounded up to the next 50; here the kept ones do not shorten what may follow.
 */
const MOST_TOKENS = 2048;

/** A request in the words of an engine; greedy unless asked otherwise, as in the paper. */
export function generateOptions(request: Omit<DecodeRequest, 'messages'>): GenerateOptions {
  const { sampling, maxTokens = MOST_TOKENS, speculate = true, signal } = request;
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
