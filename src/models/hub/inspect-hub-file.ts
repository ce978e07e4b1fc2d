import { describeNetworkError } from '../describe-network-error.ts';
import { SourceFailure } from '../source-failure.ts';
import { StallTimer } from '../stall-timer.ts';
import type { ExpectedFile } from '../verify-file.ts';
import { waitBeforeRetry } from '../wait-before-retry.ts';

export interface InspectOptions {
  headers?: Record<string, string>;
  describeStatus: (reply: Response) => SourceFailure;
  signal?: AbortSignal | undefined;
  stallTimeoutMs?: number | undefined;
}

const MOST_REDIRECTS = 5;
const ATTEMPTS = 3;

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
    if (!isRedirect(reply) || next?.origin !== current.origin || reply.headers.has('x-linked-etag'))
      return readExpected(reply);
    current = next;
  }
  throw new SourceFailure(`${current.host} redirects without end`);
}

/** Asks again where the hub may answer better in a moment. */
async function patientHead(url: URL, options: InspectOptions): Promise<Response> {
  for (let failures = 1; ; failures++) {
    const reply = await head(url, options);
    if (reply.ok || isRedirect(reply)) return reply;
    const failure = options.describeStatus(reply);
    if (!failure.retryable || failures === ATTEMPTS) throw failure;
    await waitBeforeRetry(failure, failures, { delayMs: 1000, signal: options.signal });
  }
}

const isRedirect = ({ status }: Response): boolean => status >= 300 && status < 400;

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
