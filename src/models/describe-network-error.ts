import { SourceFailure } from './source-failure.ts';

const UNREACHABLE: Record<string, string> = {
  ENOTFOUND: 'its name was not found',
  EAI_AGAIN: 'its name was not found',
  ECONNREFUSED: 'the connection was refused',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'there is no way to it',
  EACCES: 'the connection is not allowed',
  EPERM: 'the connection is not allowed',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
};

/**
 * What `fetch` threw, as a reason without the address, which may hold a signature. Only a connection that was made and
 * then broke is retryable.
 */
export function describeNetworkError(error: unknown, host: string): SourceFailure {
  const code = findCode(error);
  const reason = UNREACHABLE[code];
  if (reason !== undefined) return new SourceFailure(`${host} can't be reached: ${reason}${proxyHint()}`);
  const isCertificate = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code);
  if (isCertificate) return new SourceFailure(`${host} can't be trusted: its certificate is not valid here (${code})`);
  return new SourceFailure(`the connection to ${host} broke (${code})`, { retryable: true });
}

/** `fetch` hides the system's error in `cause`, an attempt on several addresses in `errors`. */
function findCode(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return 'unknown reason';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error.cause !== undefined) return findCode(error.cause, depth + 1);
  return error instanceof AggregateError ? findCode(error.errors[0], depth + 1) : error.name;
}

/** Node reads the proxy's variables only when told to. */
function proxyHint(env: NodeJS.ProcessEnv = process.env): string {
  const hasProxy = env['HTTPS_PROXY'] ?? env['https_proxy'];
  return hasProxy && env['NODE_USE_ENV_PROXY'] !== '1' ? ' (set NODE_USE_ENV_PROXY=1 to use HTTPS_PROXY)' : '';
}
