import type { Context } from 'hono';
import { ApiError } from './api/api-error.ts';
import { toApiError } from './api/to-api-error.ts';
import { eventStream } from './event-stream.ts';
import { Exchange } from './exchange.ts';
import type { GatewayEnv } from './gateway-env.ts';
import { logFailure } from './log-failure.ts';
import type { GatewayParts } from './gateway-parts.ts';

/** The answer to a request: one object, or the data of server-sent events. */
export type Answer = { readonly json: object } | { readonly events: AsyncGenerator<string, void, void> };

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};
/** Without it the adapter waits a timer's turn for more before it sends the first bytes. */
const CHUNKED = { 'transfer-encoding': 'chunked' };

/** No standard status, but the one that servers log for a client that left. */
const CLIENT_LEFT = 499;

/**
 * Runs one request to an engine: aborts it when the client leaves, answers it, and logs it once its last byte is sent.
 * Every error becomes OpenAI's; after the status is sent, an event of the stream.
 */
export async function runExchange(
  c: Context<GatewayEnv>,
  gateway: GatewayParts,
  work: (exchange: Exchange) => Promise<Answer>,
): Promise<Response> {
  const exchange = open(c, gateway);
  try {
    exchange.onEnd(await gateway.limitsOf(c.get('key')).enter());
    const answer = await work(exchange);
    if ('events' in answer) return stream(c, gateway, exchange, answer.events);
    close(exchange, 200);
    return c.json(answer.json);
  } catch (error) {
    const failure = noteFailure(gateway, exchange, error);
    close(exchange, failure.status);
    return errorResponse(failure);
  }
}

export function errorResponse(error: ApiError): Response {
  return Response.json(error.body, { status: error.status, headers: error.headers });
}

function open(c: Context<GatewayEnv>, gateway: GatewayParts): Exchange {
  const exchange = new Exchange(c.get('requestId'), c.get('log'));
  gateway.exchanges.add(exchange);
  const { signal } = c.req.raw;
  const onLeave = () => exchange.abort('the client left', CLIENT_LEFT);
  signal.addEventListener('abort', onLeave, { once: true });
  if (signal.aborted) onLeave();
  exchange.onEnd(() => signal.removeEventListener('abort', onLeave));
  const route = c.req.path;
  exchange.onEnd(() => {
    const { status } = exchange.notes;
    gateway.metrics.instruments.requests.inc({ route, status: String(status) });
    exchange.log.info({ route, ...exchange.notes, durationMs: Math.round(exchange.elapsedMs) }, 'request');
  });
  return exchange;
}

function close(exchange: Exchange, status: number): void {
  exchange.note({ status: exchange.abortStatus ?? status });
  exchange.end();
}

function stream(
  { env }: Context<GatewayEnv>,
  gateway: GatewayParts,
  exchange: Exchange,
  events: AsyncGenerator<string, void, void>,
): Response {
  // Another server than Node's has no environment at all.
  const { incoming, outgoing } = (env as GatewayEnv['Bindings'] | undefined) ?? {};
  const body = eventStream({
    messages: tellErrors(gateway, exchange, events),
    keepAliveMs: gateway.options.limits.keepAliveMs,
    stallMs: gateway.options.limits.stallMs,
    // What is buffered for a client that does not read would keep the connection open.
    disconnect: outgoing && (() => void outgoing.destroy()),
    onCancel: (why) => exchange.abort(why, CLIENT_LEFT),
    onEnd: () => close(exchange, 200),
  });
  // HTTP/1.0 knows no chunks: there the connection's end is that of the answer.
  const isOld = incoming?.httpVersion === '1.0';
  return new Response(body, { headers: { ...STREAM_HEADERS, ...(isOld ? {} : CHUNKED) } });
}

async function* tellErrors(
  gateway: GatewayParts,
  exchange: Exchange,
  events: AsyncGenerator<string, void, void>,
): AsyncGenerator<string, void, void> {
  try {
    yield* events;
  } catch (error) {
    yield JSON.stringify(noteFailure(gateway, exchange, error).body);
  }
}

function noteFailure({ options }: GatewayParts, exchange: Exchange, error: unknown): ApiError {
  if (exchange.abortStatus !== undefined) {
    return new ApiError(503, `The request ended early: ${String(exchange.notes['aborted'])}.`, { code: 'aborted' });
  }
  const failure = toApiError(error);
  exchange.note({ error: failure.code ?? failure.message });
  if (failure.status >= 500) logFailure(exchange.log, failure, options);
  return failure;
}
