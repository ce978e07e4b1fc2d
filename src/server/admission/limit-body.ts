import type { MiddlewareHandler } from 'hono';
import type { ApiError } from '../api/api-error.ts';
import { brokenBody } from '../api/read-body.ts';
import type { GatewayEnv } from '../gateway-env.ts';

export interface BodyLimitOptions {
  readonly bytes: number;
  readonly refuse: () => ApiError;
}

/**
 * Refuses bodies of more than `bytes`. A length that the client told is taken: the HTTP parser holds it to that. Only a
 * body without one is read here, which costs a third of a millisecond, for it becomes a stream of the web's kind.
 */
export function limitBody({ bytes, refuse }: BodyLimitOptions): MiddlewareHandler<GatewayEnv> {
  return async (c, next) => {
    const length = c.req.header('content-length');
    if (length !== undefined && c.req.header('transfer-encoding') === undefined) {
      if (Number(length) > bytes) throw refuse();
      return await next();
    }
    const { body: stream, url, method, headers, signal } = c.req.raw;
    if (stream === null) return await next();
    const body = await read(stream, bytes).catch((cause: unknown) => {
      throw brokenBody(cause);
    });
    if (!body) throw refuse();
    // By its parts: what the adapter gives only looks like a Request, and `new Request` does not take it.
    c.req.raw = new Request(url, { method, headers, signal, body });
    return await next();
  };
}

/** Undefined for more than `most` bytes; the rest stays where it is, so that the connection can bring the refusal. */
async function read(stream: ReadableStream<Uint8Array>, most: number): Promise<Buffer<ArrayBuffer> | undefined> {
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) return undefined;
    pieces.push(next.value);
  }
  return Buffer.concat(pieces);
}
