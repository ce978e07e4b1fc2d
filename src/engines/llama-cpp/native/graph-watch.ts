import koffi, { type LibraryHandle } from 'koffi';

/** As llama.cpp names them: what the output matrix is applied to, and the logits. */
const STATES = 'result_norm';
const LOGITS = 'result_output';
/** Graphs of other shapes may have some nodes more or less: names are looked at from here on before the last place. */
const SLACK = 48;

/** ggml_backend_sched_eval_callback: with `ask`, whether the node is wanted; without, whether to go on after it. */
const EVAL_CALLBACK = koffi.proto('bool wellbegun_eval_callback(void *tensor, bool ask, void *user_data)');

type Watched =
  | { readonly for: 'nothing' }
  | { readonly for: 'output'; tensor?: bigint }
  | { readonly for: 'states'; readonly context: bigint; next: bigint; left: number };

/** Where the states of a pass go. */
export interface StatesRoom {
  readonly context: bigint;
  readonly states: bigint;
  readonly statesBytes: number;
}

/**
 * Looks at the graph of a forward pass while llama.cpp computes it, on the thread that does. It can note which tensor the
 * logits are, or take the states before the output matrix and stop there: in small models with large vocabularies that
 * matrix is more than half of a pass.
 */
export class GraphWatch {
  /** For `cb_eval` of a context. */
  readonly callback: bigint;
  readonly #nameOf: (tensor: bigint) => string;
  readonly #bytesOf: (tensor: bigint) => number;
  readonly #copy: (tensor: bigint, to: bigint, offset: number, bytes: number) => void;
  #watched: Watched = { for: 'nothing' };
  #node = 0;
  /** Where the states came first in graphs of each context. */
  readonly #places = new Map<bigint, number>();

  constructor(base: LibraryHandle) {
    this.#nameOf = base.func('const char *ggml_get_name(void *tensor)') as never;
    this.#bytesOf = base.func('size_t ggml_nbytes(void *tensor)') as never;
    this.#copy = base.func(
      'void ggml_backend_tensor_get(void *tensor, void *data, size_t offset, size_t size)',
    ) as never;
    const native = koffi.register(
      (tensor: bigint, ask: boolean) => (ask ? this.#wants(tensor) : this.#take(tensor)),
      koffi.pointer(EVAL_CALLBACK),
    );
    this.callback = koffi.address(native);
  }

  /**
   * During `decode`, stores the states of all rows from the address `states` on and leaves the logits out; `met` is false
   * where fewer states of that name went by than `statesBytes`, or more.
   */
  storingStates<T>(room: StatesRoom, decode: () => T): { readonly result: T; readonly met: boolean } {
    const { context, states, statesBytes } = room;
    const watched = { for: 'states' as const, context, next: states, left: statesBytes };
    const result = this.#watching(watched, decode);
    // They may have gone by unseen, in a smaller graph than those before.
    const met = watched.left === 0;
    if (!met) this.#places.delete(context);
    return { result, met };
  }

  /** The tensor of the logits that `decode` computes, if it has that name. */
  findingOutput<T>(context: bigint, decode: () => T): { readonly result: T; readonly tensor: bigint | undefined } {
    // A new context may have the address of one that was freed.
    this.#places.delete(context);
    const watched: Watched = { for: 'output' };
    const result = this.#watching(watched, decode);
    return { result, tensor: watched.tensor };
  }

  #watching<T>(watched: Watched, decode: () => T): T {
    this.#watched = watched;
    this.#node = 0;
    try {
      return decode();
    } finally {
      this.#watched = { for: 'nothing' };
    }
  }

  #wants(tensor: bigint): boolean {
    if (this.#watched.for === 'nothing') return false;
    this.#node++;
    if (this.#watched.for === 'output') {
      if (this.#nameOf(tensor) === LOGITS) this.#watched.tensor = tensor;
      return false;
    }
    const place = this.#places.get(this.#watched.context) ?? 0;
    return this.#node >= place - SLACK && this.#nameOf(tensor) === STATES;
  }

  /** A pass that is computed in parts has a graph for each. */
  #take(tensor: bigint): boolean {
    if (this.#watched.for !== 'states') return true;
    const bytes = this.#bytesOf(tensor);
    this.#watched.left -= bytes;
    if (bytes > 0 && this.#watched.left >= 0) this.#copy(tensor, this.#watched.next, 0, bytes);
    this.#watched.next += BigInt(bytes);
    const { context } = this.#watched;
    this.#places.set(context, Math.min(this.#places.get(context) ?? this.#node, this.#node));
    this.#node = 0;
    return false;
  }
}
