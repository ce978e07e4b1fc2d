import type { HttpBindings } from '@hono/node-server';
import type { Logger } from 'pino';
import type { ApiKey } from './admission/api-keys.ts';

/** What hono carries along with a request. */
export interface GatewayEnv {
  /** Of Node's server; another one has none. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    log: Logger;
    key: ApiKey | undefined;
  };
}
