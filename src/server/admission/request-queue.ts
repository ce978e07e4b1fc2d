import PQueue from 'p-queue';
import { ApiError } from '../api/api-error.ts';

/** How long a client is told to wait where nothing is known better. */
const RETRY_AFTER_MS = 2000;

export interface QueueLimits {
  /** Responses that are decoded at the same time. */
  readonly parallel: number;
  /** Requests that may wait for that. */
  readonly waiting: number;
}

/**
 * Who waits for the engines of one pair. Requests are served in their order; one that asks for many responses waits with
 * one at a time, and stands behind all others with its next one.
 */
export class RequestQueue {
  readonly #queue: PQueue;
  readonly #limits: QueueLimits;
  /** Settled once the last response that a request asked for waits no more. */
  readonly #waited = new WeakMap<object, Promise<unknown>>();

  constructor(limits: QueueLimits) {
    this.#limits = limits;
    this.#queue = new PQueue({ concurrency: limits.parallel });
  }

  /** Requests with a response that waits. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Responses that are decoded. */
  get running(): number {
    return this.#queue.pending;
  }

  /** @throws ApiError 429 when no more may wait */
  assertRoom(): void {
    if (this.running < this.#limits.parallel || this.waiting < this.#limits.waiting) return;
    throw new ApiError(429, `${this.waiting} requests wait already: try again later.`, {
      code: 'queue_full',
      retryAfterMs: RETRY_AFTER_MS,
    });
  }

  /**
   * Waits for a turn.
   *
   * @param request the same one for all its responses
   * @returns ends the turn
   */
  enter(request: object, signal: AbortSignal): Promise<() => void> {
    const before = this.#waited.get(request) ?? Promise.resolve();
    const turn = before.then(() => this.#turn(signal));
    this.#waited.set(
      request,
      turn.catch(() => undefined),
    );
    return turn;
  }

  #turn(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const turn = () => new Promise<void>((leave) => resolve(leave));
      this.#queue.add(turn, { signal }).catch(reject);
    });
  }
}
