/** The arrays of a llama_batch, by their addresses. */
export interface BatchAddresses {
  readonly token: bigint;
  readonly pos: bigint;
  readonly n_seq_id: bigint;
  readonly seq_id: bigint;
  readonly logits: bigint;
}

/**
 * One native call: `llama_decode`; the same, noting which tensor its logits are (`find-output`), or leaving the logits
 * out and storing the states that they would be computed from (`states`); or a graph of our own.
 */
export type ComputeQuestion =
  | {
      readonly kind: 'decode' | 'find-output';
      readonly context: bigint;
      readonly tokens: number;
      readonly batch: BatchAddresses;
    }
  | {
      readonly kind: 'states';
      readonly context: bigint;
      readonly tokens: number;
      readonly batch: BatchAddresses;
      /** Where they go: [rows asked for × hidden size] floats. */
      readonly states: bigint;
      /** How much must come. */
      readonly statesBytes: number;
    }
  | { readonly kind: 'graph'; readonly backend: bigint; readonly graph: bigint };

export interface ComputeAnswer {
  /** What the native function returned. */
  readonly code: number;
  /** The address of a tensor, where one was to be noted and was met. */
  readonly tensor?: bigint;
}

/** In place of a code of `llama_decode`: it went well, but its states did not go by, or were more or fewer than asked for. */
export const NO_STATES = -100;

const KINDS = ['end', 'decode', 'find-output', 'states', 'graph'] as const;

/** Places in the shared memory: counters of questions and answers, the last answer, and numbers of the question. */
const READY = 0;
const ASKED = 1;
const ANSWERED = 2;
const CODE = 3;
const KIND = 4;
const TOKENS = 5;
const STATES_BYTES = 6;
const NUMBERS_BYTES = 8 * Int32Array.BYTES_PER_ELEMENT;

const ADDRESSES = [
  'callback',
  'tensor',
  'context',
  'token',
  'pos',
  'n_seq_id',
  'seq_id',
  'logits',
  'states',
  'backend',
  'graph',
] as const;
type Address = (typeof ADDRESSES)[number];

/**
 * One native call at a time, in memory that two threads share: one asks, the other one sleeps until it does, computes and
 * answers. Only a counter that has changed is news: a thread that was interrupted between changing it and waking the other
 * one does the latter late, when the other one may sleep for something else already.
 */
export class ComputeCall {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array<SharedArrayBuffer>;
  readonly #addresses: BigUint64Array<SharedArrayBuffer>;

  constructor(memory = new SharedArrayBuffer(NUMBERS_BYTES + ADDRESSES.length * BigUint64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory, 0, NUMBERS_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.#addresses = new BigUint64Array(memory, NUMBERS_BYTES);
  }

  /** The function that contexts whose graphs are to be watched call; 0 until `serve` was called. */
  get callback(): bigint {
    return this.#get('callback');
  }

  /** Asks, and resolves to the answer. What the addresses point to must stay as it is until then. */
  async ask(question: ComputeQuestion): Promise<ComputeAnswer> {
    this.#write(question);
    const before = this.#send(question.kind);
    while (Atomics.load(this.#numbers, ANSWERED) === before) {
      await Atomics.waitAsync(this.#numbers, ANSWERED, before).value;
    }
    const tensor = this.#get('tensor');
    return { code: this.#numbers[CODE]!, ...(tensor !== 0n && { tensor }) };
  }

  /** Lets `serve` return, now or as soon as it is called. */
  end(): void {
    this.#send('end');
  }

  /** Blocks until `serve` was called, or so many milliseconds. */
  waitUntilServed(ms: number): void {
    Atomics.wait(this.#numbers, READY, 0, ms);
  }

  /** Resolves once `serve` was called. */
  async served(): Promise<void> {
    while (Atomics.load(this.#numbers, READY) === 0) await Atomics.waitAsync(this.#numbers, READY, 0).value;
  }

  /** For the computing thread: answers everything that is asked until the end. */
  serve(callback: bigint, answer: (question: ComputeQuestion) => ComputeAnswer): void {
    this.#set('callback', callback);
    Atomics.store(this.#numbers, READY, 1);
    Atomics.notify(this.#numbers, READY);
    // As the counters do, it goes round after 2^31 calls.
    for (let answered = 0; ; answered = (answered + 1) | 0) {
      while (Atomics.load(this.#numbers, ASKED) === answered) Atomics.wait(this.#numbers, ASKED, answered);
      const question = this.#read();
      if (question === undefined) return;
      const { code, tensor = 0n } = answer(question);
      this.#numbers[CODE] = code;
      this.#set('tensor', tensor);
      Atomics.add(this.#numbers, ANSWERED, 1);
      Atomics.notify(this.#numbers, ANSWERED);
    }
  }

  #write(question: ComputeQuestion): void {
    if (question.kind === 'graph') {
      this.#set('backend', question.backend);
      this.#set('graph', question.graph);
      return;
    }
    this.#numbers[TOKENS] = question.tokens;
    this.#set('context', question.context);
    for (const name of ['token', 'pos', 'n_seq_id', 'seq_id', 'logits'] as const) this.#set(name, question.batch[name]);
    if (question.kind !== 'states') return;
    this.#set('states', question.states);
    this.#numbers[STATES_BYTES] = question.statesBytes;
  }

  #read(): ComputeQuestion | undefined {
    const kind = KINDS[this.#numbers[KIND]!]!;
    const of = (name: Address) => this.#get(name);
    if (kind === 'end') return undefined;
    if (kind === 'graph') return { kind, backend: of('backend'), graph: of('graph') };
    const batch = {
      token: of('token'),
      pos: of('pos'),
      n_seq_id: of('n_seq_id'),
      seq_id: of('seq_id'),
      logits: of('logits'),
    };
    const decode = { context: of('context'), tokens: this.#numbers[TOKENS]!, batch };
    if (kind !== 'states') return { kind, ...decode };
    return { kind, ...decode, states: of('states'), statesBytes: this.#numbers[STATES_BYTES]! };
  }

  #get(name: Address): bigint {
    return this.#addresses[ADDRESSES.indexOf(name)]!;
  }

  #set(name: Address, value: bigint): void {
    this.#addresses[ADDRESSES.indexOf(name)] = value;
  }

  /** @returns how often was asked before */
  #send(kind: (typeof KINDS)[number]): number {
    this.#numbers[KIND] = KINDS.indexOf(kind);
    const before = Atomics.add(this.#numbers, ASKED, 1);
    Atomics.notify(this.#numbers, ASKED);
    return before;
  }
}
