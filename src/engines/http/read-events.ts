import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Response } from 'undici';
import { connectionFailure, replyFailure, reportedFailure, type ServerName } from './http-failure.ts';
import type { Patience } from './patience.ts';

/** Characters of one event. A token with its alternatives has a few thousand; some servers repeat all tokens so far. */
const LONGEST_EVENT = 2_000_000;

/** From `[DONE]` to the end of the answer there is nothing to compute. */
const LAST_BYTES_MS = 1000;

export interface Reading {
  readonly signal: AbortSignal;
  /** Between two events: comments are none. */
  readonly patience: Patience;
  /** Closes the connection. */
  readonly leave: () => void;
}

/**
 * The JSON of each server-sent event, up to `[DONE]` or the end. An event with an `error` throws it. Only an answer that is
 * read to its end leaves its connection to the next question.
 */
export async function* readEvents(
  response: Response,
  server: ServerName,
  { signal, patience, leave }: Reading,
): AsyncGenerator<unknown, void, void> {
  const type = response.headers.get('content-type') ?? 'no content type';
  if (!type.startsWith('text/event-stream') || !response.body) throw replyFailure(server, `${type}, not a stream`);
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: LONGEST_EVENT }))
    [Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await nextEvent(() => patience.wait(() => events.next()), server, signal);
      if (next.done) return;
      if (next.value.data === '[DONE]') return await readToEnd(events, leave);
      const event = parseEvent(next.value.data, server);
      // Some servers send it to seem alive.
      if (event !== null) yield event;
    }
  } finally {
    // What is wrong with the connection was said already.
    await events.return?.().catch(() => undefined);
  }
}

async function readToEnd(events: AsyncIterator<unknown>, leave: () => void): Promise<void> {
  const timer = setTimeout(leave, LAST_BYTES_MS);
  try {
    while (!(await events.next()).done);
  } catch {
    // All that was asked for is there.
  } finally {
    clearTimeout(timer);
  }
}

async function nextEvent<T>(next: () => Promise<T>, server: ServerName, signal: AbortSignal): Promise<T> {
  try {
    return await next();
  } catch (cause) {
    signal.throwIfAborted();
    throw connectionFailure(server, cause);
  }
}

function parseEvent(data: string, server: ServerName): unknown {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw replyFailure(server, 'an event that is not JSON', cause);
  }
  if (typeof value === 'object' && value !== null && 'error' in value && value.error != null) {
    throw reportedFailure(server, value.error);
  }
  return value;
}
