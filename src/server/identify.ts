import { randomUUID } from 'node:crypto';
import type { Context, Next } from 'hono';
import type { Logger } from 'pino';
import type { GatewayEnv } from './gateway-env.ts';

/** A client's own request id is kept where it can't upset a log. */
const REQUEST_ID = /^[\w.-]{1,100}$/;

/** Gives each request its id, which its reply and its lines in the log carry. */
export function identify(log: Logger) {
  return async (c: Context<GatewayEnv>, next: Next): Promise<void> => {
    const own = c.req.header('x-request-id') ?? '';
    const requestId = REQUEST_ID.test(own) ? own : randomUUID();
    c.set('requestId', requestId);
    c.set('log', log.child({ requestId }));
    await next();
    c.res.headers.set('x-request-id', requestId);
  };
}
