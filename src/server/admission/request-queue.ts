import PQueue from 'p-queue';
import { ApiError } from '../api/api-error.ts';

/** How long a client is told to wait where nothing is known better. */
const RETRY_AFTER_MS = 2000;

export interface QueueLimits {
  /** Responses that are decoded at the same time. */
  readonly parallel: number;
  /** Responses that may wait for that. */
  readonly waiting: number;
}

/** Who waits for the engines of one pair: first come, first served. */
export class RequestQueue {
  readonly #queue: PQueue;
  readonly #limits: QueueLimits;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
    this.#queue = new PQueue({ concurrency: limits.parallel });
  }

  get waiting(): number {
    return this.#queue.size;
  }

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
   * @returns ends the turn
   */
  enter(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const turn = () => new Promise<void>((leave) => resolve(leave));
      this.#queue.add(turn, { signal }).catch(reject);
    });
  }
}
