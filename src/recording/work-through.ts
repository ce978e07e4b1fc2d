import { setMaxListeners } from 'node:events';
import { EngineHealth } from './engine-health.ts';
import { type Failure, failureOf, isFailure, type Spelling } from './failure.ts';

export interface WorkOptions {
  /** Items that are worked on at the same time, a whole number ≥ 1. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** What earlier work noted of the engine. Default: nothing. */
  readonly health?: EngineHealth | undefined;
  /** How failures call settings. Default: as the library does. */
  readonly spelling?: Spelling | undefined;
}

export interface Work<Item, Outcome> extends WorkOptions {
  readonly answer: (item: Item, signal: AbortSignal) => Promise<Outcome | Failure>;
  /** Keeps what an item came to. What it throws ends the work. */
  readonly record: (item: Item, outcome: Outcome | Failure) => Promise<void>;
  /** Whether what went wrong with an item would go wrong with all. Default: never; it is that item's failure. */
  readonly endsAll?: (error: unknown, item: Item) => boolean;
  /** How the failure of an item calls settings, where that depends on the item. Default: `spelling`. */
  readonly spellingOf?: (item: Item) => Spelling | undefined;
}

/**
 * Works on item after item, several at a time, and keeps each outcome as soon as it is there. A failure is the item's
 * own; what goes wrong with all (the disk, the engine, 20 items in a row) ends the work.
 *
 * @throws AbortError; EngineError `engine-failing`; the first error that ends all
 */
export async function workThrough<Item, Outcome>(
  items: AsyncIterable<Item> | Iterable<Item>,
  { answer, record, endsAll, spellingOf, health = new EngineHealth(), ...options }: Work<Item, Outcome>,
): Promise<void> {
  await eachOf(items, options, async (item, signal) => {
    const outcome = await attempt(item, signal);
    await record(item, outcome);
    health.check();
  });

  async function attempt(item: Item, signal: AbortSignal): Promise<Outcome | Failure> {
    try {
      const outcome = await answer(item, signal);
      // What was found without asking the engine says nothing of it.
      if (!isFailure(outcome)) health.note();
      return outcome;
    } catch (error) {
      signal.throwIfAborted();
      if (endsAll?.(error, item)) throw error;
      health.note(error);
      return failureOf(error, spellingOf?.(item) ?? options.spelling);
    }
  }
}

/** What one piece of work throws ends the others. */
async function eachOf<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  options: WorkOptions,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  // Each request listens to it.
  setMaxListeners(0, signal);
  const iterator = inTurn(items);
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
  await iterator.return();
  signal.throwIfAborted();
}

/** One after another, whoever asks. */
async function* inTurn<Item>(items: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item, void, void> {
  yield* items;
}
