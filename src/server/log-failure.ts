import type { Logger } from 'pino';
import { EngineError } from '../core/errors.ts';
import type { ApiError } from './api/api-error.ts';

/** A server may repeat a prompt in what it says of it, so the log has its words only where it may have prompts. */
export function logFailure(log: Logger, { cause, message }: ApiError, { logPrompts = false }): void {
  if (!(cause instanceof EngineError) || cause.url === undefined || logPrompts) {
    log.error({ err: cause }, message);
    return;
  }
  // Not the error itself: what caused it may quote the reply.
  const { engine, code, url, status, reason } = cause;
  log.error({ engine, code, url, status }, reason === undefined ? cause.message : cause.message.replace(reason, '…'));
}
