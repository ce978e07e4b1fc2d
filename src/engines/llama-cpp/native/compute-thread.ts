import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../../../core/errors.ts';
import { type ComputeAnswer, ComputeCall, type ComputeQuestion } from './compute-call.ts';
import type { ComputeLoopData } from './compute-loop.ts';
import type { LibraryLocation } from './library-location.ts';

/** Far more than loading a library that is loaded already takes. */
const LOADING_MS = 5000;

/**
 * The one thread that forward passes are computed on. Node's own pool of threads gives each call to another of them, and
 * a thread that wakes up may do so on the processor where the rest of ggml's pool is spinning: docs/decisions/0002.
 */
export class ComputeThread {
  readonly #call = new ComputeCall();
  readonly #worker: Worker;
  readonly #onExit = () => this.#call.waitUntilServed(LOADING_MS);
  #refuse: (reason: Error) => void = () => undefined;
  #failure: EngineError | undefined;

  /** @param library paths of what the process has opened already */
  constructor({ llama, ggmlBase }: Pick<LibraryLocation, 'llama' | 'ggmlBase'>) {
    const file = new URL(`./compute-loop${extname(import.meta.url)}`, import.meta.url);
    const workerData: ComputeLoopData = { llama, ggmlBase, memory: this.#call.memory };
    // Options of the process may be for its main script alone, such as --input-type.
    this.#worker = new Worker(file, { workerData, execArgv: [], name: 'wellbegun-compute' });
    // Only a forward pass that is waited for keeps the process alive.
    this.#worker.unref();
    this.#worker.once('error', (cause) => this.#fail(cause));
    // A thread that is stopped while it loads koffi takes the process down.
    process.once('exit', this.#onExit);
    this.#worker.once('exit', () => process.off('exit', this.#onExit));
  }

  /** One native call at a time. */
  ask(question: ComputeQuestion): Promise<ComputeAnswer> {
    return this.#waitFor(() => this.#call.ask(question));
  }

  /** What contexts call whose graphs are to be watched, for `cb_eval`. */
  async evalCallback(): Promise<bigint> {
    await this.#waitFor(() => this.#call.served());
    return this.#call.callback;
  }

  /** Ends the thread, once it is done with what it was asked before. Nothing is computed from then on. */
  async close(): Promise<void> {
    if (this.#failure) return;
    this.#failure = new EngineError('llama.cpp', 'closed', 'The model was closed: load it again to go on.');
    this.#worker.ref();
    const ended = once(this.#worker, 'exit').catch(() => undefined);
    this.#call.end();
    await ended;
  }

  #waitFor<T>(answer: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#refuse = reject;
      this.#worker.ref();
      void answer().then(resolve);
    }).finally(() => this.#worker.unref());
  }

  #fail(cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The thread that computes for llama.cpp ended (${reason}): start again, and report it if it comes back.`;
    this.#failure = new EngineError('llama.cpp', 'compute-thread', message, { cause });
    this.#refuse(this.#failure);
  }
}
