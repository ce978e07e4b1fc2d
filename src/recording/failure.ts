import { WellbegunError } from '../core/errors.ts';

/** Why an item has no answer; `code` is stable for programs. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** What is written of an error that an item ended with. */
export function failureOf(error: unknown): Failure {
  const code = error instanceof WellbegunError ? error.code : 'unexpected';
  return { code, message: error instanceof Error ? error.message : String(error) };
}

export function isFailure(outcome: unknown): outcome is Failure {
  return typeof outcome === 'object' && outcome !== null && 'code' in outcome;
}
