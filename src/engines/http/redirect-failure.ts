import { EngineError } from '../../core/errors.ts';
import type { ServerName } from './http-failure.ts';
import { withoutKey } from './without-key.ts';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

export interface Redirect {
  readonly status: number;
  /** What was asked for, behind the server's address. */
  readonly path: string;
  readonly location: string | null;
}

/** An answer that points to another place, such as from http to https. */
export function redirectFailure(server: ServerName, { status, path, location }: Redirect): EngineError {
  const { engine, url } = server;
  const target = location === null ? undefined : addressBehind(server, path, location);
  const message =
    target === undefined
      ? `${engine} at ${url} redirects, without saying where to: use the address of the server itself.`
      : `${engine} at ${url} redirects to ${target}: use that address.`;
  return new EngineError(engine, 'redirected', message, { url, status });
}

/** The address to which the path was added, where the location ends with it; without all that may be secret. */
function addressBehind({ url, key }: ServerName, path: string, location: string): string | undefined {
  const target = URL.parse(location, url + path);
  if (!target || !/^https?:$/.test(target.protocol)) return undefined;
  const whole = target.origin + target.pathname;
  const address = whole.endsWith(path) ? whole.slice(0, -path.length) : whole;
  return withoutKey(key, address);
}
