import { SourceFailure } from './source-failure.ts';

/** What to do with a reply. `discard`: the bytes that are there don't fit. `refuse` without a failure: see the status. */
export type ReplyPlan =
  | { kind: 'append'; totalBytes: number | undefined }
  | { kind: 'restart'; totalBytes: number | undefined; etag: string | undefined }
  | { kind: 'complete' }
  | { kind: 'discard' }
  | { kind: 'refuse'; failure?: SourceFailure };

/** Reads status and headers only. `doneBytes` were there before, `sizeBytes` is the whole file's size where known. */
export function planReply(reply: Response, file: { doneBytes: number; sizeBytes: number | undefined }): ReplyPlan {
  if (reply.status === 206) return planPart(reply, file);
  if (reply.status === 416) return planUnsatisfied(reply, file);
  if (reply.status !== 200) return { kind: 'refuse' };
  const totalBytes = readLength(reply);
  return (
    refuseOtherSize(totalBytes, file.sizeBytes) ?? {
      kind: 'restart',
      totalBytes: totalBytes ?? file.sizeBytes,
      etag: readStrongEtag(reply),
    }
  );
}

function planPart(reply: Response, { doneBytes, sizeBytes }: Parameters<typeof planReply>[1]): ReplyPlan {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(reply.headers.get('content-range') ?? '') ?? [];
  if (Number(start) !== doneBytes) return { kind: 'discard' };
  const totalBytes = total === '*' ? undefined : Number(total);
  return refuseOtherSize(totalBytes, sizeBytes) ?? { kind: 'append', totalBytes: totalBytes ?? sizeBytes };
}

/** 416: nothing follows the bytes that are there. They are the whole file, or not its beginning. */
function planUnsatisfied(reply: Response, { doneBytes }: Parameters<typeof planReply>[1]): ReplyPlan {
  const [, total] = /^bytes \*\/(\d+)$/.exec(reply.headers.get('content-range') ?? '') ?? [];
  return { kind: Number(total) === doneBytes ? 'complete' : 'discard' };
}

function refuseOtherSize(totalBytes: number | undefined, sizeBytes: number | undefined): ReplyPlan | undefined {
  if (totalBytes === undefined || sizeBytes === undefined || totalBytes === sizeBytes) return undefined;
  const failure = new SourceFailure(`its file has ${totalBytes} bytes instead of ${sizeBytes}`);
  return { kind: 'refuse', failure };
}

function readLength({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  return length !== null && !headers.has('content-encoding') ? Number(length) : undefined;
}

/** A weak ETag (`W/`) can't be used with If-Range: RFC 9110, section 13.1.5. */
function readStrongEtag({ headers }: Response): string | undefined {
  const etag = headers.get('etag');
  return etag?.startsWith('"') ? etag : undefined;
}
