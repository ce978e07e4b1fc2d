import type { z } from 'zod';
import { replyFailure, type ServerName } from '../http/http-failure.ts';

/** @throws EngineError for an event that is not of this shape */
export function parseEvent<T>(event: unknown, schema: z.ZodType<T>, server: ServerName): T {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw replyFailure(server, `an event whose ${path.join('.') || 'top level'} is not as expected (${message})`);
}
