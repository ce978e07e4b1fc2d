import type { HonoRequest } from 'hono';
import { ApiError } from './api-error.ts';

/** The text of a request's body. @throws ApiError for one that breaks off, or is in another encoding than UTF-8 */
export async function readBody(request: HonoRequest): Promise<string> {
  const bytes = await request.arrayBuffer().catch((cause: unknown) => {
    throw brokenBody(cause);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ApiError(400, 'The body of the request is not UTF-8: encode it so.', { code: 'invalid_encoding', cause });
  }
}

/** Its client left, or wrote its chunks wrong: no fault of the gateway. */
export function brokenBody(cause: unknown): ApiError {
  return new ApiError(400, 'The body of the request broke off: send it again.', { code: 'body_broken', cause });
}
