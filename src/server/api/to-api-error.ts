import { CapabilityError, ConfigError, ContextOverflowError, EngineError, WellbegunError } from '../../core/errors.ts';
import { ApiError } from './api-error.ts';

/** Options of the command line that are fields of a request. */
const OPTIONS =
  /--(gamma|window|criterion|max-draft|max-tokens|on-no-switch|stop|temperature|top-p|top-k|min-p|repetition-penalty|seed)\b/;

/** What went wrong, as a client is told. What was not foreseen is told without its message: the log has it. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (!(error instanceof WellbegunError)) {
    return new ApiError(500, 'The gateway failed on this request: its log says why.', {
      code: 'internal_error',
      cause: error,
    });
  }
  const [, option] = OPTIONS.exec(error.message) ?? [];
  const message = error.message.replaceAll(new RegExp(OPTIONS, 'g'), (_, name: string) => toField(name));
  return new ApiError(statusOf(error), message, {
    code: error instanceof ContextOverflowError ? 'context_length_exceeded' : error.code,
    ...(option !== undefined && error.code === 'unsupported-sampling' && { param: toField(option) }),
    ...(error instanceof EngineError && { retryAfterMs: error.retryAfterMs }),
    cause: error,
  });
}

function statusOf(error: WellbegunError): number {
  const asked = [ConfigError, ContextOverflowError, CapabilityError].some((kind) => error instanceof kind);
  if (asked) return 400;
  if (!(error instanceof EngineError)) return 500;
  return error.code === 'busy' ? 503 : 502;
}

/** An option of the command line as the field of a request. */
function toField(option: string): string {
  return option.replaceAll('-', '_');
}
