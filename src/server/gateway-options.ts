import type { Logger } from 'pino';
import type { PlaygroundFiles } from './playground/playground-files.ts';
import { serverSettings } from '../settings/server.ts';
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
  waiting: serverSettings.queue.default,
  bodyBytes: serverSettings.maxBody.default,
  keepAliveMs: 1000 * serverSettings.keepAliveSeconds.default,
  stallMs: 1000 * serverSettings.stallSeconds.default,
  drainMs: 1000 * serverSettings.drainSeconds.default,
};

/** Some seconds less than a timer of Node can wait; more, it takes for a millisecond. */
const LONGEST_MS = 2 ** 31 - 10_000;

/** The defaults for what is left out, and waits that timers can keep. */
export function completeLimits(limits: Partial<GatewayLimits>): GatewayLimits {
  const { keepAliveMs, stallMs, drainMs, ...others } = { ...DEFAULT_LIMITS, ...limits };
  const within = (ms: number) => Math.min(ms, LONGEST_MS);
  return { ...others, keepAliveMs: within(keepAliveMs), stallMs: within(stallMs), drainMs: within(drainMs) };
}

export interface GatewayOptions {
  readonly models: readonly ServedModel[];
  /** Waits are at most some 24 days. */
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
  /** What `/` shows to browsers. Default: nothing. */
  readonly playground?: PlaygroundFiles;
  /** Of wellbegun, for the OpenAPI document. */
  readonly version: string;
}
