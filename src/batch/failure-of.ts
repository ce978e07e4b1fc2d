import { WellbegunError } from '../core/errors.ts';
import type { LineFailure } from './batch-request.ts';

/** What a result says of an error that a line ended with. */
export function failureOf(error: unknown): LineFailure {
  const code = error instanceof WellbegunError ? error.code : 'unexpected';
  return { code, message: error instanceof Error ? error.message : String(error) };
}
