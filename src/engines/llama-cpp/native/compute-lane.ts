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

  async close(): Promise<void> {
    await this.#tail;
    if (this.threadpool !== null) this.#library.threadpoolFree(this.threadpool);
  }
}
