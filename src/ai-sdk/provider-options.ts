import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { STRATEGY_NAMES } from '../assembly/create-strategy.ts';

/** `providerOptions.wellbegun` of a call. Ranges are checked with all other options, by `decode`. */
const providerOptions = z.strictObject({
  strategy: z.enum(STRATEGY_NAMES).exactOptional(),
  /** γ in (0, 1]. */
  gamma: z.number().exactOptional(),
  /** w, a whole number ≥ 1. */
  window: z.number().exactOptional(),
  /** Such as `boundary(confidence)`; in place of gamma and window. */
  criterion: z.string().exactOptional(),
  /** Most drafted tokens. */
  maxDraft: z.number().exactOptional(),
  onNoSwitch: z.enum(['continue', 'stop']).exactOptional(),
  minP: z.number().exactOptional(),
  repetitionPenalty: z.number().exactOptional(),
  speculate: z.boolean().exactOptional(),
  /** Give every token with its source, logprob and window value in the response's metadata. */
  trace: z.boolean().exactOptional(),
});

export type WellbegunProviderOptions = z.infer<typeof providerOptions>;

/** @throws ConfigError that names what is wrong */
export function readProviderOptions(value: unknown): WellbegunProviderOptions {
  const read = providerOptions.safeParse(value ?? {});
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = ['providerOptions', 'wellbegun', ...(issue?.path ?? [])].join('.');
  throw new ConfigError('bad-provider-options', `${place}: ${issue?.message ?? 'not understood'}.`);
}
