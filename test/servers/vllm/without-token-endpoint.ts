import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const DISABLED = { error: { message: 'Scale-out endpoints are disabled.', type: 'PermissionDeniedError', code: 403 } };

/** The same vLLM as it is without --enable-scale-out, behind an address of its own: starting another takes minutes. */
export async function withoutTokenEndpoint(url: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url: path = '/' } = incoming;
    if (path.startsWith('/inference/')) {
      incoming.resume();
      outgoing.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(DISABLED));
      return;
    }
    const asked = request(url + path, { method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    asked.on('error', () => outgoing.destroy());
    outgoing.on('close', () => asked.destroy());
    incoming.pipe(asked);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
