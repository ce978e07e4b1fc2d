import { WellbegunError } from '../core/errors.ts';

/** Why an item has no answer; `code` is stable for programs. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** How the surface that asked for the work calls a setting: `--top-p` for `topP`, say. */
export type Spelling = (setting: string) => string;

/** What is written of an error that an item ended with. @param spelling default: the library's names */
export function failureOf(error: unknown, spelling: Spelling = (setting) => setting): Failure {
  if (error instanceof WellbegunError) return { code: error.code, message: error.spelled(spelling) };
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}

export function isFailure(outcome: unknown): outcome is Failure {
  return typeof outcome === 'object' && outcome !== null && 'code' in outcome;
}
