import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../api/api-error.ts';
import type { ApiKeyLimits } from './api-keys.ts';

const MINUTE_SECONDS = 60;
const RETRY_AFTER_MS = 1000;

/** What one key may do: requests a minute, and requests at once. */
export class KeyLimits {
  readonly #rate: RateLimiterMemory | undefined;
  readonly #most: number;
  #open = 0;

  constructor({ requestsPerMinute, concurrentRequests = Infinity }: ApiKeyLimits) {
    this.#most = concurrentRequests;
    if (requestsPerMinute !== undefined)
      this.#rate = new RateLimiterMemory({ points: requestsPerMinute, duration: MINUTE_SECONDS });
  }

  /**
   * @returns ends the request
   * @throws ApiError 429
   */
  async enter(): Promise<() => void> {
    if (this.#open >= this.#most) {
      throw new ApiError(429, `This key has ${this.#open} requests under way, its limit: wait for one to end.`, {
        code: 'too_many_concurrent_requests',
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    this.#open++;
    try {
      await this.#consume();
    } catch (error) {
      this.#open--;
      throw error;
    }
    return () => {
      this.#open--;
    };
  }

  async #consume(): Promise<void> {
    try {
      await this.#rate?.consume('requests');
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new ApiError(429, 'This key has used up its requests of this minute: try again later.', {
        code: 'rate_limit_exceeded',
        retryAfterMs: refusal.msBeforeNext,
      });
    }
  }
}
