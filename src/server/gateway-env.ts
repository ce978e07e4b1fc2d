import type { Logger } from 'pino';
import type { ApiKey } from './admission/api-keys.ts';

/** What hono carries along with a request. */
export interface GatewayEnv {
  Variables: {
    requestId: string;
    log: Logger;
    key: ApiKey | undefined;
  };
}
