import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../../../core/errors.ts';
import { type BatchAddresses, DecodeCall } from './decode-call.ts';
import type { DecodeLoopData } from './decode-loop.ts';
import type { Pointer } from './llama-library.ts';

/** Far more than loading a library that is loaded already takes. */
const LOADING_MS = 5000;

/**
 * The one thread that forward passes are computed on. Node's own pool of threads gives each call to another of them, and
 * a thread that wakes up may do so on the processor where the rest of ggml's pool is spinning: docs/decisions/0002.
 */
export class ComputeThread {
  readonly #call = new DecodeCall();
  readonly #worker: Worker;
  readonly #onExit = () => this.#call.waitUntilServed(LOADING_MS);
  #refuse: (reason: Error) => void = () => undefined;
  #failure: EngineError | undefined;

  /** @param library path of libllama, which the process has opened already */
  constructor(library: string) {
    const file = new URL(`./decode-loop${extname(import.meta.url)}`, import.meta.url);
    const workerData: DecodeLoopData = { library, memory: this.#call.memory };
    // Options of the process may be for its main script alone, such as --input-type.
    this.#worker = new Worker(file, { workerData, execArgv: [], name: 'wellbegun-decode' });
    // Only a forward pass that is waited for keeps the process alive.
    this.#worker.unref();
    this.#worker.once('error', (cause) => this.#fail(cause));
    // A thread that is stopped while it loads koffi takes the process down.
    process.once('exit', this.#onExit);
    this.#worker.once('exit', () => process.off('exit', this.#onExit));
  }

  /** `llama_decode`: resolves to its code. One call at a time. */
  decode(context: Pointer, tokens: number, batch: BatchAddresses): Promise<number> {
    return new Promise<number>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#refuse = reject;
      this.#worker.ref();
      void this.#call.ask(context, tokens, batch).then(resolve);
    }).finally(() => this.#worker.unref());
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

  #fail(cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The thread that computes for llama.cpp ended (${reason}): start again, and report it if it comes back.`;
    this.#failure = new EngineError('llama.cpp', 'compute-thread', message, { cause });
    this.#refuse(this.#failure);
  }
}
