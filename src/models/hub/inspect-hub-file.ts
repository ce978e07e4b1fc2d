import { setTimeout as sleep } from 'node:timers/promises';
import { describeNetworkError } from '../describe-network-error.ts';
import { SourceFailure } from '../source-failure.ts';
import { StallTimer } from '../stall-timer.ts';
import type { ExpectedFile } from '../verify-file.ts';

export interface InspectOptions {
  headers?: Record<string, string>;
  describeStatus: (reply: Response) => SourceFailure;
  signal?: AbortSignal | undefined;
  stallTimeoutMs?: number | undefined;
}

const MOST_REDIRECTS = 5;
/** Before the second and the third question, where the reply names no time. */
const FIRST_WAITS_MS = [1000, 4000];
const LONGEST_WAIT_MS = 10_000;

/**
 * Asks the hub for a file's size and hash without its bytes. The hub's own reply carries them (`x-linked-size`,
 * `x-linked-etag`: of the LFS file), not the one of the store it redirects to; only redirects on the same origin, after
 * a repository was renamed, are followed.
 */
export async function inspectHubFile(url: string, options: InspectOptions): Promise<ExpectedFile> {
  let current = new URL(url);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const reply = await patientHead(current, options);
    const location = reply.headers.get('location');
    const next = location === null ? undefined : new URL(location, current);
    const isRedirect = reply.status >= 300 && reply.status < 400;
    if (!reply.ok && !isRedirect) throw options.describeStatus(reply);
    if (!isRedirect || next?.origin !== current.origin || reply.headers.has('x-linked-etag'))
      return readExpected(reply);
    current = next;
  }
  throw new SourceFailure(`${current.host} redirects without end`);
}

/** Asks again where the hub has too much to do, after the time that it names. */
async function patientHead(url: URL, options: InspectOptions): Promise<Response> {
  for (const waitMs of FIRST_WAITS_MS) {
    const reply = await head(url, options);
    if (reply.status !== 429 && reply.status !== 503) return reply;
    const namedMs = Number(reply.headers.get('retry-after') ?? Number.NaN) * 1000;
    const given = options.signal && { signal: options.signal };
    await sleep(Math.min(Number.isNaN(namedMs) ? waitMs : namedMs, LONGEST_WAIT_MS), undefined, given);
  }
  return head(url, options);
}

async function head(url: URL, { headers, signal, stallTimeoutMs = 30_000 }: InspectOptions): Promise<Response> {
  using stall = new StallTimer(stallTimeoutMs, signal);
  try {
    const plain = { ...headers, 'accept-encoding': 'identity' };
    return await fetch(url, { method: 'HEAD', redirect: 'manual', headers: plain, signal: stall.signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw stall.failure() ?? describeNetworkError(error, url.host);
  }
}

function readExpected({ ok, headers }: Response): ExpectedFile {
  const [sha256] = /[0-9a-f]{64}/.exec(headers.get('x-linked-etag') ?? '') ?? [];
  // A redirect's own Content-Length is that of its text.
  const size = headers.get('x-linked-size') ?? (ok ? headers.get('content-length') : null);
  return { sha256, sizeBytes: /^\d+$/.test(size ?? '') ? Number(size) : undefined };
}
