import type { DecodeEvent, DecodeTrace } from '../core/decode-event.ts';
import { EngineError } from '../core/errors.ts';
import type { Exchange } from './exchange.ts';
import type { RequestQueue } from './admission/request-queue.ts';
import type { GatewayMetrics } from './metrics/gateway-metrics.ts';

export type ResponseStream = AsyncGenerator<DecodeEvent, DecodeTrace, void>;

export interface ResponseContext {
  readonly exchange: Exchange;
  /** The served name. */
  readonly model: string;
  readonly queue: RequestQueue;
  readonly metrics: GatewayMetrics;
}

/** One response: waits for its turn, decodes, and is counted. */
export async function* respond(context: ResponseContext, decode: () => ResponseStream): ResponseStream {
  const leave = await context.queue.enter(context.exchange, context.exchange.signal);
  try {
    return yield* observe(context, decode());
  } catch (error) {
    if (error instanceof EngineError) {
      context.metrics.instruments.engineErrors.inc({ model: context.model, code: error.code });
    }
    throw error;
  } finally {
    leave();
  }
}

async function* observe({ exchange, model, metrics }: ResponseContext, events: ResponseStream): ResponseStream {
  let begun = false;
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) {
        metrics.instruments.total.observe({ model }, exchange.elapsedMs / 1000);
        metrics.recordResponse(model, next.value);
        return next.value;
      }
      if (!begun && next.value.type === 'token') {
        begun = true;
        metrics.instruments.firstToken.observe({ model }, exchange.elapsedMs / 1000);
        exchange.note({ firstTokenMs: Math.round(exchange.elapsedMs) });
      }
      yield next.value;
    }
  } finally {
    await events.return(undefined as never);
  }
}
