import { ComputeThread } from './compute-thread.ts';
import type { BatchAddresses } from './decode-call.ts';
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

  /** `llama_decode` off the event loop; to be called in a turn of the lane. */
  decode(context: Pointer, tokens: number, batch: BatchAddresses): Promise<number> {
    this.#thread ??= new ComputeThread(this.#library.location.llama);
    return this.#thread.decode(context, tokens, batch);
  }

  async close(): Promise<void> {
    await this.#tail;
    await this.#thread?.close();
    if (this.threadpool !== null) this.#library.threadpoolFree(this.threadpool);
  }
}
