import type { DecodeRequest } from './decoding-strategy.ts';
import { CapabilityError } from './errors.ts';

/** @throws CapabilityError for a request with logprobs to a model whose engine gives none of what it writes */
export function assertGivesLogprobs(
  { id }: { readonly id: string },
  given: boolean | undefined,
  { logprobs = false }: DecodeRequest,
): void {
  if (!logprobs || given) return;
  throw new CapabilityError('no-logprobs', `The engine of ${id} gives no logprobs of what it writes: leave them out.`);
}
