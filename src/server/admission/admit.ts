import type { Context, Next } from 'hono';
import { ApiError } from '../api/api-error.ts';
import type { GatewayEnv } from '../gateway-env.ts';
import type { GatewayParts } from '../gateway-parts.ts';

const RETRY_AFTER_MS = 5000;

/** Lets a request to the API in: not while the gateway shuts down, and not without a key where keys are set. */
export function admit(gateway: GatewayParts) {
  return async (c: Context<GatewayEnv>, next: Next): Promise<void> => {
    if (gateway.draining) {
      throw new ApiError(503, 'The gateway is shutting down: ask another one, or try again later.', {
        code: 'shutting_down',
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    const { keys } = gateway.options;
    if (keys) {
      const key = keys.find(bearerToken(c.req.header('authorization')));
      if (!key) throw refused(c.req.header('authorization') === undefined);
      c.set('key', key);
      c.set('log', c.get('log').child({ key: key.name }));
    }
    await next();
  };
}

function bearerToken(authorization = ''): string {
  return /^bearer +(.*)$/i.exec(authorization)?.[1] ?? '';
}

function refused(missing: boolean): ApiError {
  const message = missing
    ? 'This gateway asks for a key: send it as "Authorization: Bearer KEY".'
    : 'The key that was sent is not one of this gateway.';
  return new ApiError(401, message, { code: 'invalid_api_key' });
}
