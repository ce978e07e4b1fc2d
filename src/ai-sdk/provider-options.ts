import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { decodingSettings } from '../settings/decoding.ts';
import { requestSchemasBut } from '../settings/request-fields.ts';
import { STRATEGY_NAMES } from '../assembly/create-strategy.ts';

/** Settings that a call of the AI SDK has itself. */
const IN_CALLS = ['temperature', 'topP', 'topK', 'seed'] as const;

/** `providerOptions.wellbegun` of a call. */
const providerOptions = z.strictObject({
  ...requestSchemasBut(IN_CALLS),
  strategy: z.enum(STRATEGY_NAMES).exactOptional(),
  speculate: decodingSettings.speculate.schema.exactOptional(),
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
