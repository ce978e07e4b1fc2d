import type { EngineError } from '../core/errors.ts';

const CODES: ReadonlySet<string> = new Set([
  'unreachable',
  'bad-certificate',
  'redirected',
  'not-allowed',
  'not-found',
  'rate-limited',
]);

/** Whether what went wrong with one question would go wrong with every other. */
export function endsAll({ code }: EngineError): boolean {
  return CODES.has(code);
}
