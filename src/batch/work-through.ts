import { setMaxListeners } from 'node:events';

export interface WorkOptions {
  /** Items that are worked on at the same time, a whole number ≥ 1. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/**
 * Works on item after item, several at a time. What one piece of work throws ends the others.
 *
 * @throws AbortError; the first error of `work`
 */
export async function workThrough<Item>(
  items: AsyncIterable<Item>,
  options: WorkOptions,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  // Each request listens to it.
  setMaxListeners(0, signal);
  const iterator = items[Symbol.asyncIterator]();
  const worker = async () => {
    try {
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        signal.throwIfAborted();
        await work(next.value, signal);
      }
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  await Promise.allSettled(Array.from({ length: options.concurrency }, worker));
  await iterator.return?.();
  signal.throwIfAborted();
}
