import { createHash, timingSafeEqual } from 'node:crypto';

export interface ApiKeyLimits {
  readonly requestsPerMinute?: number;
  readonly concurrentRequests?: number;
}

export interface ApiKey {
  /** For the log and limits; the key itself appears nowhere. */
  readonly name: string;
  /** SHA-256 of the key, in lower-case hexadecimal. */
  readonly sha256: string;
  /** In place of those of the gateway. */
  readonly limits?: ApiKeyLimits | undefined;
}

/** Knows keys by their hashes only. */
export class ApiKeys {
  readonly #keys: readonly { readonly key: ApiKey; readonly hash: Buffer }[];

  constructor(keys: readonly ApiKey[]) {
    this.#keys = keys.map((key) => ({ key, hash: Buffer.from(key.sha256, 'hex') }));
  }

  /** Compares with all keys, in a time that does not tell how much of one was right. */
  find(presented: string): ApiKey | undefined {
    const hash = createHash('sha256').update(presented).digest();
    const matches = this.#keys.filter((candidate) => timingSafeEqual(candidate.hash, hash));
    return matches[0]?.key;
  }
}

export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
