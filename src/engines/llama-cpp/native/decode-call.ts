import type { Pointer } from './llama-library.ts';

/** The arrays of a llama_batch, by their addresses. */
export interface BatchAddresses {
  readonly token: bigint;
  readonly pos: bigint;
  readonly n_seq_id: bigint;
  readonly seq_id: bigint;
  readonly logits: bigint;
}

const ASKED = 0;
const ANSWERED = 1;
const RESULT = 2;
const TOKENS = 3;
const NUMBER_BYTES = 4 * Int32Array.BYTES_PER_ELEMENT;
const ADDRESSES = ['context', 'token', 'pos', 'n_seq_id', 'seq_id', 'logits'] as const;

/**
 * One call of `llama_decode` at a time, in memory that two threads share: one asks, the other one sleeps until it does,
 * computes and answers.
 */
export class DecodeCall {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array<SharedArrayBuffer>;
  readonly #addresses: BigUint64Array<SharedArrayBuffer>;

  constructor(memory = new SharedArrayBuffer(NUMBER_BYTES + ADDRESSES.length * BigUint64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory, 0, NUMBER_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.#addresses = new BigUint64Array(memory, NUMBER_BYTES);
  }

  /** Asks, and resolves to what `llama_decode` returned. The arrays must stay as they are until then. */
  async ask(context: Pointer, tokens: number, batch: BatchAddresses): Promise<number> {
    for (const [i, name] of ADDRESSES.entries()) this.#addresses[i] = name === 'context' ? context : batch[name];
    this.#numbers[TOKENS] = tokens;
    const before = Atomics.add(this.#numbers, ASKED, 1);
    Atomics.notify(this.#numbers, ASKED);
    const answer = Atomics.waitAsync(this.#numbers, ANSWERED, before);
    if (answer.async) await answer.value;
    return this.#numbers[RESULT]!;
  }

  /** For the computing thread: answers everything that is asked, and never returns. */
  serve(decode: (context: bigint, tokens: number, batch: BatchAddresses) => number): never {
    // As the counters do, it goes round after 2^31 calls.
    for (let answered = 0; ; answered = (answered + 1) | 0) {
      Atomics.wait(this.#numbers, ASKED, answered);
      const [context, token, pos, n_seq_id, seq_id, logits] = this.#addresses;
      const batch = { token: token!, pos: pos!, n_seq_id: n_seq_id!, seq_id: seq_id!, logits: logits! };
      this.#numbers[RESULT] = decode(context!, this.#numbers[TOKENS]!, batch);
      Atomics.add(this.#numbers, ANSWERED, 1);
      Atomics.notify(this.#numbers, ANSWERED);
    }
  }
}
