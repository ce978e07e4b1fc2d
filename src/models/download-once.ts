import { describeNetworkError } from './describe-network-error.ts';
import { describeStatus } from './describe-status.ts';
import type { PartialFile } from './partial-file.ts';
import { planReply } from './plan-reply.ts';
import { SourceFailure } from './source-failure.ts';
import { StallTimer } from './stall-timer.ts';

export interface DownloadRequest {
  /** http or https, without user name and password. */
  url: string;
  /** Sent to the origin of `url` only, not to where it redirects. */
  headers?: Record<string, string> | undefined;
  partial: PartialFile;
  /** Size of the whole file; a server that tells another is refused. */
  sizeBytes?: number | undefined;
  /** The content is known by its hash, so bytes without an ETag may be continued. */
  isContentKnown?: boolean | undefined;
  /** The reason for a status that brings no file. */
  describeStatus?: ((reply: Response) => SourceFailure) | undefined;
  onBytes?: ((doneBytes: number, totalBytes: number | undefined) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Longest silence of the server, in milliseconds. Default 30 000. */
  stallTimeoutMs?: number | undefined;
}

/**
 * One request for what `partial` lacks.
 *
 * @throws SourceFailure with what has come kept; DownloadError from the disk; the signal's reason.
 */
export async function downloadOnce(request: DownloadRequest): Promise<void> {
  const { partial, sizeBytes, isContentKnown, onBytes, stallTimeoutMs = 30_000 } = request;
  const canContinue = (isContentKnown ?? false) || partial.etag !== undefined;
  const isTooLong = sizeBytes !== undefined && partial.sizeBytes > sizeBytes;
  if (partial.sizeBytes > 0 && (!canContinue || isTooLong)) await partial.restart();
  onBytes?.(partial.sizeBytes, sizeBytes);
  if (sizeBytes !== undefined && partial.sizeBytes === sizeBytes) return;

  using stall = new StallTimer(stallTimeoutMs, request.signal);
  const reply = await connect(request, stall);
  const plan = planReply(reply, { doneBytes: partial.sizeBytes, sizeBytes });
  if (plan.kind === 'append' || plan.kind === 'restart') {
    if (plan.kind === 'restart') await partial.restart(plan.etag);
    await receive(request, reply, stall, plan.totalBytes);
    return;
  }
  await reply.body?.cancel();
  if (plan.kind === 'refuse') throw plan.failure ?? (request.describeStatus ?? describeStatus)(reply);
  if (plan.kind === 'discard') {
    await partial.restart();
    throw new SourceFailure("the server's file doesn't continue what was here", { retryable: true });
  }
}

async function connect({ url, headers, partial }: DownloadRequest, stall: StallTimer): Promise<Response> {
  const range: Record<string, string> = partial.sizeBytes > 0 ? { range: `bytes=${partial.sizeBytes}-` } : {};
  if (partial.sizeBytes > 0 && partial.etag !== undefined) range['if-range'] = partial.etag;
  try {
    return await fetch(url, { headers: { ...headers, ...range, 'accept-encoding': 'identity' }, signal: stall.signal });
  } catch (error) {
    throw stall.failure() ?? describeNetworkError(error, new URL(url).host);
  }
}

type Chunk = { done: false; value: Uint8Array } | { done: true };

async function receive(
  { url, partial, onBytes }: DownloadRequest,
  reply: Response,
  stall: StallTimer,
  totalBytes: number | undefined,
): Promise<void> {
  const { host } = new URL(url);
  const chunks = reply.body?.getReader();
  for (;;) {
    const next: Chunk | undefined = await chunks?.read().catch((error: unknown) => {
      throw stall.failure() ?? describeNetworkError(error, host);
    });
    if (!next || next.done) break;
    stall.restart();
    if (totalBytes !== undefined && partial.sizeBytes + next.value.length > totalBytes) {
      await chunks?.cancel();
      throw new SourceFailure(`${host} sends more than the ${totalBytes} bytes of the file`);
    }
    await partial.append(next.value).catch(async (error: unknown) => {
      await chunks?.cancel();
      throw error;
    });
    onBytes?.(partial.sizeBytes, totalBytes);
  }
  if (totalBytes !== undefined && partial.sizeBytes < totalBytes) {
    throw new SourceFailure(`${host} closed the connection early`, { retryable: true });
  }
}
