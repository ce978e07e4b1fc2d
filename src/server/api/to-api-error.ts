import { CapabilityError, ConfigError, ContextOverflowError, EngineError, WellbegunError } from '../../core/errors.ts';
import { fieldOf } from '../../settings/names.ts';
import { ApiError } from './api-error.ts';

/** Modules of whoever runs the gateway: what fails in them is no client's fault, and what it says is for the log. */
const OWN_MODULES: readonly (string | undefined)[] = ['strategyModule', 'criterionModule'];

/** What went wrong, as a client is told. What was not foreseen is told without its message: the log has it. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (!(error instanceof WellbegunError) || OWN_MODULES.includes(error.setting)) {
    return new ApiError(500, 'The gateway failed on this request: its log says why.', {
      code: 'internal_error',
      cause: error,
    });
  }
  const field = error.setting === undefined ? undefined : fieldOf(error.setting);
  return new ApiError(statusOf(error), error.spelled(spelling), {
    code: error instanceof ContextOverflowError ? 'context_length_exceeded' : error.code,
    ...(field !== undefined && { param: field }),
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

/** A setting as a client can say it, or else as whose it is. */
function spelling(setting: string): string {
  return fieldOf(setting) ?? `the gateway's ${setting}`;
}
