import type { ComputeAnswer, ComputeQuestion } from './compute-call.ts';
import { ComputeThread } from './compute-thread.ts';
import type { LlamaLibrary, Pointer } from './llama-library.ts';

/**
 * One pool of compute threads that several models share. Their forward passes take turns: two at once would spin
 * against each other for the same cores.
 */
export class ComputeLane {
  readonly threads: number;
  readonly #library: LlamaLibrary;
  /** Null where the library computes without a CPU backend. */
  readonly threadpool: Pointer | null;
  /** From the first forward pass on: a model that is only looked at, or refused, needs none. */
  #thread: ComputeThread | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(library: LlamaLibrary, threads: number) {
    this.#library = library;
    this.threads = threads;
    this.threadpool = library.threadpoolNew(library.threadpoolDefaultParams(threads));
  }

  /** Runs `work` after everything that was asked for before. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  /** One native call off the event loop; to be made in a turn of the lane. */
  compute(question: ComputeQuestion): Promise<ComputeAnswer> {
    return this.#startedThread().ask(question);
  }

  /** For `cb_eval` of contexts whose graphs are to be watched. */
  evalCallback(): Promise<bigint> {
    return this.#startedThread().evalCallback();
  }

  async close(): Promise<void> {
    await this.#tail;
    await this.#thread?.close();
    if (this.threadpool !== null) this.#library.threadpoolFree(this.threadpool);
  }

  #startedThread(): ComputeThread {
    return (this.#thread ??= new ComputeThread(this.#library.location));
  }
}
