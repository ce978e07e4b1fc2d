import { settingName } from '../core/setting-name.ts';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { ConfigError } from '../core/errors.ts';
import type { Gateway } from './create-gateway.ts';

export interface ListeningGateway {
  /** Such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Takes no more requests, lets those under way end, aborts what takes longer than `drainMs`. */
  close(): Promise<void>;
}

/** An idle connection stays longer than load balancers keep theirs, mostly 60 s: they would meet a closed one. */
const KEEP_ALIVE_MS = 75_000;

/** @throws ConfigError when the port is taken or may not be used */
export async function serveGateway(
  { app, parts }: Gateway,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<ListeningGateway> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    // For requests that name no host, as those of HTTP/1.0 may.
    hostname: 'localhost',
    serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS },
  }) as Server;
  await listen(server, host, port);
  const { address, port: chosen, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${chosen}`,
    async close() {
      parts.draining = true;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await parts.exchanges.drain(parts.options.limits.drainMs);
      // The last bytes of what was drained are on their way: a connection is idle once they are sent.
      setTimeout(() => server.closeAllConnections(), 1000).unref();
      const idle = setInterval(() => server.closeIdleConnections(), 20);
      await closed;
      clearInterval(idle);
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'something else listens there' : message;
    throw new ConfigError(
      'no-port',
      `${host}:${port} can't be listened on (${reason}): choose another ${settingName('port')} or ${settingName('host')}.`,
      {
        cause,
      },
    );
  }
}
