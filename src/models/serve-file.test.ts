// Support for the tests beside it: a hub on this machine. Holds no test itself.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import type { CatalogueModel } from './catalogue.ts';
import type { PullProgress } from './pull-progress.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Starts a server for one test; resolves to its origin. */
export async function serve(context: TestContext, handler: Handler): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An origin where nobody listens. (Port 9 and its like are refused by `fetch` itself.) */
export async function closedOrigin(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wellbegun-models-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const payload = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff));
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A well-behaved file server; `breakAfter` bytes it cuts the connection, once. */
export function serveRanges(
  body: Buffer,
  options: { etag?: string; breakAfter?: number; onRequest?: (request: IncomingMessage) => void } = {},
): Handler {
  let { breakAfter } = options;
  return (request, response) => {
    options.onRequest?.(request);
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const condition = request.headers['if-range'];
    const start = from === undefined || (condition !== undefined && condition !== options.etag) ? 0 : Number(from);
    if (start >= body.length) {
      response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
      return;
    }
    const rest = body.subarray(start);
    const etag = options.etag === undefined ? {} : { etag: options.etag };
    const range = start > 0 ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length, ...etag, ...range });
    if (breakAfter !== undefined && request.method === 'GET') {
      response.write(rest.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 20));
      breakAfter = undefined;
    } else {
      response.end(request.method === 'HEAD' ? undefined : rest);
    }
  };
}

export function catalogueEntry(overrides: Partial<CatalogueModel> = {}): CatalogueModel {
  return {
    name: 'tiny',
    title: 'Tiny',
    role: 'base',
    licence: { name: 'none', url: 'https://example.org', notice: 'none' },
    sizeBytes: payload.length,
    sha256: sha256(payload),
    file: 'tiny.gguf',
    sources: [{ kind: 'hub', repository: 'owner/repo', file: 'tiny.gguf' }],
    ...overrides,
  };
}

export function recordProgress(): PullProgress & { log: string[] } {
  const log: string[] = [];
  return {
    log,
    start: ({ source, totalBytes }) => log.push(`start ${source.replace(/:\d+$/, '')} ${totalBytes ?? 'unknown'}`),
    advance: (doneBytes) => log.push(`${doneBytes}`),
    note: (text) => log.push(`note ${text}`),
    done: (outcome) => log.push(`done ${outcome}`),
  };
}
