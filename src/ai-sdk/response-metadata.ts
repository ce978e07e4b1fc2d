import type { DecodeTrace } from '../core/decode-event.ts';
import { type RunResult, toResponse } from '../assembly/run-result.ts';

/** `providerMetadata.wellbegun` of a response: where the base took over and why, counts and times. */
export type ResponseMetadata = Pick<RunResult, 'strategy' | 'switch' | 'usage' | 'timings' | 'models'> & {
  /** Every token with its source, logprob and window value; where the call asked for the trace. */
  tokens?: RunResult['tokens'];
};

export function responseMetadata(trace: DecodeTrace, { withTrace }: { readonly withTrace: boolean }): ResponseMetadata {
  const { strategy, switch: taken, usage, timings, models, tokens } = toResponse(trace);
  return { strategy, switch: taken, usage, timings, models, ...(withTrace && { tokens }) };
}
