import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../../../core/errors.ts';
import { type BatchAddresses, DecodeCall } from './decode-call.ts';
import type { DecodeLoopData } from './decode-loop.ts';
import type { Pointer } from './llama-library.ts';

/**
 * The one thread that forward passes are computed on. Node's own pool of threads gives each call to another of them, and
 * a thread that wakes up may do so on the processor where the rest of ggml's pool is spinning: docs/decisions/0002.
 */
export class ComputeThread {
  readonly #call = new DecodeCall();
  readonly #worker: Worker;
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

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(cause: unknown): void {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The thread that computes for llama.cpp ended (${reason}): start again, and report it if it comes back.`;
    this.#failure = new EngineError('llama.cpp', 'compute-thread', message, { cause });
    this.#refuse(this.#failure);
  }
}
