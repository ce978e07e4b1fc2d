import type { Pointer } from './llama-library.ts';

/** The arrays of a llama_batch, by their addresses. */
export interface BatchAddresses {
  readonly token: bigint;
  readonly pos: bigint;
  readonly n_seq_id: bigint;
  readonly seq_id: bigint;
  readonly logits: bigint;
}

export type Decode = (context: bigint, tokens: number, batch: BatchAddresses) => number;

/** Places in the shared memory: counters of questions and answers, the last answer, and the question's count of tokens. */
const READY = 0;
const ASKED = 1;
const ANSWERED = 2;
const RESULT = 3;
const TOKENS = 4;
/** In place of a count of tokens: there is nothing more to come. */
const END = -1;
const NUMBERS_BYTES = 6 * Int32Array.BYTES_PER_ELEMENT;
const ADDRESSES = ['context', 'token', 'pos', 'n_seq_id', 'seq_id', 'logits'] as const;

/**
 * One call of `llama_decode` at a time, in memory that two threads share: one asks, the other one sleeps until it does,
 * computes and answers. Only a counter that has changed is news: a thread that was interrupted between changing it and
 * waking the other one does the latter late, when the other one may sleep for something else already.
 */
export class DecodeCall {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array<SharedArrayBuffer>;
  readonly #addresses: BigUint64Array<SharedArrayBuffer>;

  constructor(memory = new SharedArrayBuffer(NUMBERS_BYTES + ADDRESSES.length * BigUint64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory, 0, NUMBERS_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.#addresses = new BigUint64Array(memory, NUMBERS_BYTES);
  }

  /** Asks, and resolves to what `llama_decode` returned. The arrays must stay as they are until then. */
  async ask(context: Pointer, tokens: number, batch: BatchAddresses): Promise<number> {
    for (const [i, name] of ADDRESSES.entries()) this.#addresses[i] = name === 'context' ? context : batch[name];
    const before = this.#send(tokens);
    while (Atomics.load(this.#numbers, ANSWERED) === before) {
      await Atomics.waitAsync(this.#numbers, ANSWERED, before).value;
    }
    return this.#numbers[RESULT]!;
  }

  /** Lets `serve` return, now or as soon as it is called. */
  end(): void {
    this.#send(END);
  }

  /** Blocks until `serve` was called, or so many milliseconds. */
  waitUntilServed(ms: number): void {
    Atomics.wait(this.#numbers, READY, 0, ms);
  }

  /** For the computing thread: answers everything that is asked until the end. */
  serve(decode: Decode): void {
    Atomics.store(this.#numbers, READY, 1);
    Atomics.notify(this.#numbers, READY);
    // As the counters do, it goes round after 2^31 calls.
    for (let answered = 0; ; answered = (answered + 1) | 0) {
      while (Atomics.load(this.#numbers, ASKED) === answered) Atomics.wait(this.#numbers, ASKED, answered);
      const tokens = this.#numbers[TOKENS]!;
      if (tokens === END) return;
      const [context, token, pos, n_seq_id, seq_id, logits] = this.#addresses;
      const batch = { token: token!, pos: pos!, n_seq_id: n_seq_id!, seq_id: seq_id!, logits: logits! };
      this.#numbers[RESULT] = decode(context!, tokens, batch);
      Atomics.add(this.#numbers, ANSWERED, 1);
      Atomics.notify(this.#numbers, ANSWERED);
    }
  }

  /** @returns how often was asked before */
  #send(tokens: number): number {
    this.#numbers[TOKENS] = tokens;
    const before = Atomics.add(this.#numbers, ASKED, 1);
    Atomics.notify(this.#numbers, ASKED);
    return before;
  }
}
