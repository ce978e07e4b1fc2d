import type { RunResult } from '../../../assembly/run-result.ts';

/** What a picture shows of a drafted token. */
export interface Confidence {
  /** Of the response, from 0. */
  readonly index: number;
  /** The base's probability. */
  readonly probability: number;
  /** The criterion's value; undefined before its window is full. */
  readonly window: number | undefined;
}

/** Of all tokens that have one. */
export function confidences({ tokens }: Pick<RunResult, 'tokens'>): Confidence[] {
  return tokens.flatMap(({ logprob, window }, index) =>
    logprob === null ? [] : [{ index, probability: Math.exp(logprob), window: window ?? undefined }],
  );
}

/** γ of the paper's criterion; undefined for others, whose values are no probabilities or have several limits. */
export function gammaOf({ request }: Pick<RunResult, 'request'>): number | undefined {
  const [, gamma] = /^confidence\(window=\d+, threshold=([\d.e-]+)\)$/.exec(request.criterion ?? '') ?? [];
  return gamma === undefined ? undefined : Number(gamma);
}
