import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { admit } from './admission/admit.ts';
import { limitBody } from './admission/limit-body.ts';
import { ApiError } from './api/api-error.ts';
import { readBody } from './api/read-body.ts';
import { toApiError } from './api/to-api-error.ts';
import type { GatewayEnv } from './gateway-env.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { GatewayParts } from './gateway-parts.ts';
import { identify } from './identify.ts';
import { chatCompletions } from './routes/chat-completions.ts';
import { completions } from './routes/completions.ts';
import { describeModel, listModels } from './routes/list-models.ts';
import { openApiDocument } from './routes/open-api-document.ts';
import { detokenize, tokenize, tokenizerInfo } from './routes/tokenizer.ts';
import { logFailure } from './log-failure.ts';
import { servePlayground } from './playground/serve-playground.ts';
import { errorResponse, runExchange } from './run-exchange.ts';

const ENGINE_ROUTES = ['/v1/chat/completions', '/v1/completions'];
/** Where vLLM has them, which clients expect. */
const TOKENIZER_ROUTES = ['/tokenize', '/detokenize', '/tokenizer_info'];

export interface Gateway {
  /** The routes, as a web-standard `fetch`. */
  readonly app: Hono<GatewayEnv>;
  readonly parts: GatewayParts;
}

/** An OpenAI-compatible API over ready strategies; `serveGateway` puts it on a port. */
export function createGateway(options: GatewayOptions): Gateway {
  const parts = new GatewayParts(options);
  const app = new Hono<GatewayEnv>();
  app.use(identify(options.log));
  if (options.corsOrigins?.length) app.use(allowOrigins(options.corsOrigins));
  for (const path of ['/v1/*', ...TOKENIZER_ROUTES]) {
    app.use(path, admit(parts));
    app.use(path, limitBody({ bytes: parts.options.limits.bodyBytes, refuse: () => tooLong(parts.options) }));
  }
  addApi(app, parts);
  addTokenizer(app, parts);
  addOperations(app, parts);
  app.onError((error, c) => answerError(parts, error, c));
  if (options.playground) app.use(servePlayground(options.playground));
  app.get('/', (c) => c.json(greeting(parts.options.version)));
  app.notFound((c) => errorResponse(notFound(c, app)));
  return { app, parts };
}

function addApi(app: Hono<GatewayEnv>, parts: GatewayParts): void {
  app.get('/v1/models', (c) => c.json(listModels(parts)));
  app.get('/v1/models/:id', (c) => c.json(describeModel(parts, c.req.param('id'))));
  app.post('/v1/chat/completions', (c) =>
    runExchange(c, parts, async (exchange) => chatCompletions(parts, exchange, await readBody(c.req))),
  );
  app.post('/v1/completions', (c) =>
    runExchange(c, parts, async (exchange) => completions(parts, exchange, await readBody(c.req))),
  );
}

function addTokenizer(app: Hono<GatewayEnv>, parts: GatewayParts): void {
  app.post('/tokenize', (c) =>
    runExchange(c, parts, async (exchange) => ({ json: await tokenize(parts, exchange, await readBody(c.req)) })),
  );
  app.post('/detokenize', (c) =>
    runExchange(c, parts, async (exchange) => ({ json: await detokenize(parts, exchange, await readBody(c.req)) })),
  );
  app.get('/tokenizer_info', (c) => c.json(tokenizerInfo(parts, c.req.query('model'))));
}

function addOperations(app: Hono<GatewayEnv>, parts: GatewayParts): void {
  const document = openApiDocument(parts.options.version);
  app.get('/openapi.json', (c) => c.json(document));
  app.get('/health/live', (c) => c.json({ status: 'ok' }));
  for (const path of ['/health', '/health/ready']) {
    app.get(path, (c) => (parts.draining ? c.json({ status: 'shutting-down' }, 503) : c.json({ status: 'ok' })));
  }
  app.get('/metrics', async (c) =>
    c.body(await parts.metrics.text(), 200, { 'content-type': parts.metrics.contentType }),
  );
}

function allowOrigins(origins: readonly string[]) {
  return cors({ origin: [...origins], exposeHeaders: ['x-request-id', 'retry-after'] });
}

/** What fails before a request to an engine begins, or beside one. */
function answerError({ metrics, options }: GatewayParts, error: Error, c: Context<GatewayEnv>): Response {
  const failure = toApiError(error);
  const route = c.req.path;
  if (ENGINE_ROUTES.includes(route)) metrics.instruments.requests.inc({ route, status: String(failure.status) });
  const { status, code } = failure;
  if (status >= 500) logFailure(c.get('log'), failure, options);
  else c.get('log').warn({ route, status, error: code }, 'refused');
  return errorResponse(failure);
}

function tooLong({ limits }: GatewayOptions): ApiError {
  return new ApiError(413, `The body of the request is longer than ${limits.bodyBytes} bytes, the most there may be.`, {
    code: 'body_too_long',
  });
}

/** What a person or a program that only knows the address is told. */
function greeting(version: string) {
  const links = { models: '/v1/models', openapi: '/openapi.json', health: '/health/ready', metrics: '/metrics' };
  return { name: 'wellbegun', version, links };
}

function notFound({ req }: Context, { routes }: Hono<GatewayEnv>): ApiError {
  const asked = `${req.method} ${req.path.slice(0, 100)}`;
  const known = routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
  const message = `There is no ${asked} here, but ${[...new Set(known)].join(', ')}: GET /openapi.json describes them.`;
  return new ApiError(404, message, { code: 'not_found' });
}
