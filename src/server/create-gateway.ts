import { randomUUID } from 'node:crypto';
import { type Context, Hono, type Next } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { KeyLimits } from './admission/key-limits.ts';
import { ApiError } from './api/api-error.ts';
import { toApiError } from './api/to-api-error.ts';
import type { GatewayEnv } from './gateway-env.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { GatewayParts } from './gateway-parts.ts';
import { errorResponse, runExchange } from './run-exchange.ts';
import { chatCompletions } from './routes/chat-completions.ts';
import { describeModel, listModels } from './routes/list-models.ts';

/** A request id of the client's own is kept where it can't upset a log. */
const REQUEST_ID = /^[\w.-]{1,100}$/;

export interface Gateway {
  readonly app: Hono<GatewayEnv>;
  readonly parts: GatewayParts;
}

/** The routes, as a web-standard `fetch`. `serveGateway` puts them on a port. */
export function createGateway(options: GatewayOptions): Gateway {
  const parts = new GatewayParts(options);
  const app = new Hono<GatewayEnv>();
  app.use(identify(options));
  if (options.corsOrigins?.length) app.use(cors({ origin: [...options.corsOrigins], exposeHeaders: ['x-request-id'] }));
  app.onError((error, c) => {
    const failure = toApiError(error);
    if (failure.status >= 500) c.get('log').error({ err: failure.cause }, failure.message);
    return errorResponse(failure);
  });
  app.notFound((c) =>
    errorResponse(
      new ApiError(
        404,
        `There is no ${c.req.method} ${c.req.path.slice(0, 100)} here: GET /openapi.json says what there is.`,
      ),
    ),
  );
  addApi(app, parts);
  return { app, parts };
}

function addApi(app: Hono<GatewayEnv>, parts: GatewayParts): void {
  app.get('/v1/models', (c) => c.json(listModels(parts)));
  app.get('/v1/models/:id', (c) => c.json(describeModel(parts, c.req.param('id'))));
  app.post('/v1/chat/completions', (c) =>
    runExchange(c, parts, async (exchange) => chatCompletions(parts, exchange, await c.req.text())),
  );
}

function identify({ log }: GatewayOptions) {
  return async (c: Context<GatewayEnv>, next: Next) => {
    const own = c.req.header('x-request-id') ?? '';
    const requestId = REQUEST_ID.test(own) ? own : randomUUID();
    c.set('requestId', requestId);
    c.set('log', log.child({ requestId }));
    await next();
    c.res.headers.set('x-request-id', requestId);
  };
}
void bodyLimit;
void KeyLimits;
