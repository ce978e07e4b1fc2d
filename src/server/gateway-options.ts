import type { Logger } from 'pino';
import type { ApiKeyLimits, ApiKeys } from './admission/api-keys.ts';
import type { ServedModel } from './served-model.ts';

export interface GatewayLimits {
  /** Responses of one pair that are decoded at the same time. */
  readonly parallel: number;
  /** Requests to one pair that may wait. */
  readonly waiting: number;
  readonly bodyBytes: number;
  /** A comment goes to a stream that was silent for so long. */
  readonly keepAliveMs: number;
  /** A stream whose reader takes nothing for so long is ended: it would hold its engines for ever. */
  readonly stallMs: number;
  /** How long requests under way may take when the gateway shuts down. */
  readonly drainMs: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  parallel: 1,
  waiting: 64,
  bodyBytes: 1_048_576,
  keepAliveMs: 15_000,
  stallMs: 60_000,
  drainMs: 30_000,
};

export interface GatewayOptions {
  readonly models: readonly ServedModel[];
  readonly limits: GatewayLimits;
  /** Who may ask. Undefined: everyone who can reach the gateway. */
  readonly keys?: ApiKeys | undefined;
  /** Of each key that has none of its own. Default: none. */
  readonly keyLimits?: ApiKeyLimits;
  /** Origins whose pages may ask from a browser; none by default. */
  readonly corsOrigins?: readonly string[];
  readonly log: Logger;
  /** True: prompts and responses are written to the log. */
  readonly logPrompts?: boolean;
  /** Of wellbegun, for the OpenAPI document. */
  readonly version: string;
}
