import { settingName } from '../../core/setting-name.ts';
import koffi from 'koffi';
import { EngineError } from '../../core/errors.ts';
import type { TokenId } from '../../core/language-model.ts';
import { AbortFlag } from './native/abort-flag.ts';
import type { ComputeLane } from './native/compute-lane.ts';
import { type BatchAddresses, type ComputeAnswer, NO_STATES } from './native/compute-call.ts';
import { FloatViews } from './native/float-views.ts';
import { graphOrder } from './graph-order.ts';
import type { NativeAdapter } from './load-model.ts';
import type { LlamaLibrary, Pointer } from './native/llama-library.ts';
import { POOLING } from './native/structs.ts';

/** Number format of the KV cache: q8_0 takes 34 bytes for 32 numbers, f16 takes 64. */
export type KeyValueType = 'f16' | 'q8_0';

/** GGML_TYPE_F16 and GGML_TYPE_Q8_0. */
const GGML_TYPES: Readonly<Record<KeyValueType, number>> = { f16: 1, q8_0: 8 };
/**
 * GGML_TYPE_BF16, as large as f16. Attention to f16 keys is computed in tiles from 64 tokens on, and for a single token in
 * as many parts as there are threads from 512 cells on, which all round otherwise; attention to these keys never is.
 */
const EVENLY_ATTENDED = 30;
/** LLAMA_FLASH_ATTN_TYPE_ENABLED. */
const FLASH_ATTENTION = 1;

/** LLAMA_MAX_SEQ. */
const MOST_SEQUENCES = 256;

export interface ContextOptions {
  /** Cells of the KV cache, shared by all sequences unless each has its own. */
  readonly contextLength: number;
  /**
   * True: each sequence has `contextLength` cells of its own, in the order of its tokens, and attention is summed in that
   * order, whatever else is computed or cached. What sequences share is copied then. Default: false.
   */
  readonly ownCells?: boolean | undefined;
  /** Sequences that the cache can hold at once. */
  readonly sequences: number;
  /** Most tokens in one forward pass. */
  readonly batchTokens: number;
  /** Most tokens of a pass that are computed together; a larger pass is computed in parts. Default: all of them. */
  readonly partTokens?: number;
  /** Most rows of logits of one forward pass. */
  readonly batchRows: number;
  /** Default: f16. */
  readonly keyValueType?: KeyValueType;
  /**
   * `none`: hidden states on request. `last`, `rank`: the last token's hidden state, or a classifier's outputs, of each
   * sequence, whose tokens must all ask for their row. Unset: rows of logits only.
   */
  readonly pooling?: keyof typeof POOLING;
  /**
   * True: what slides out of an attention window stays in the cache, for rewinds and others that begin alike. Needed where
   * a model with such a window has several sequences. Default: false.
   */
  readonly keepsWindows?: boolean;
  /** True: passes can give states instead of logits, if the model's graph is as usual: see `rows-on-demand/`. */
  readonly givesStates?: boolean;
  /** Applied in all passes of this context. */
  readonly adapter?: NativeAdapter;
}

/** What a pass gives for its rows: logits, or the states that they would be computed from. */
export type PassOutput = 'logits' | 'states';

export interface BatchEntry {
  readonly token: TokenId;
  readonly position: number;
  readonly sequence: number;
  /** Whether the row of logits after this token is wanted. */
  readonly row: boolean;
}

/**
 * `full`: the KV cache has no room for the batch. `aborted`: `abort()` came in the middle. `missed`: its states went by
 * unseen, as in a graph that is smaller than those before; the same pass again will look for them from its beginning.
 */
export type DecodeResult = 'done' | 'full' | 'aborted' | 'missed';

/** A native context: decodes batches off the event loop and gives their rows of logits. */
export class LlamaContext {
  readonly pointer: Pointer;
  readonly options: ContextOptions;
  readonly #library: LlamaLibrary;
  readonly #lane: ComputeLane;
  readonly #memory: Pointer;
  readonly #abort: AbortFlag;
  readonly #batch: BatchArrays;
  readonly #views = new FloatViews();
  readonly #vocabularySize: number;
  /** [rows × hidden size], of the last pass that gave states. */
  readonly #states: Float32Array;
  readonly #holders: readonly (readonly number[])[];
  readonly #hiddenSize: number;
  /** For batch entries that asked for a row: which state is theirs. */
  #stateOf = new Map<number, number>();
  /** Whether the last pass missed its states. */
  #missed = false;

  static async open(
    library: LlamaLibrary,
    model: Pointer,
    lane: ComputeLane,
    options: ContextOptions,
  ): Promise<LlamaContext> {
    const holders = holdersOf(options);
    const abort = new AbortFlag();
    const params = {
      ...library.contextDefaultParams(),
      n_ctx: options.contextLength * (options.ownCells ? options.sequences : 1),
      n_batch: options.batchTokens,
      n_ubatch: Math.min(options.partTokens ?? options.batchTokens, options.batchTokens),
      n_seq_max: holders.flat().length,
      n_outputs_max: options.batchRows,
      n_threads: lane.threads,
      n_threads_batch: lane.threads,
      abort_callback: abort.callback,
      abort_callback_data: abort.data,
      type_k: GGML_TYPES[options.keyValueType ?? 'f16'],
      type_v: GGML_TYPES[options.keyValueType ?? 'f16'],
      swa_full: true,
      kv_unified: !options.ownCells,
      ...(options.ownCells && { flash_attn_type: FLASH_ATTENTION }),
      ...(options.ownCells && options.keyValueType !== 'q8_0' && { type_k: EVENLY_ATTENDED }),
      ...(options.givesStates && { cb_eval: await lane.run(() => lane.evalCallback()) }),
      ...(options.pooling && { pooling_type: POOLING[options.pooling], embeddings: options.pooling !== 'none' }),
    };
    const pointer = await library.contextNew(model, params);
    if (pointer === null) {
      abort.free();
      throw contextFailed(options, library.log.takeErrors().at(-1) ?? 'it gave no reason');
    }
    const { adapter } = options;
    if (adapter && library.setAdapters(pointer, [adapter.pointer], 1, [adapter.scale]) !== 0) {
      library.contextFree(pointer);
      abort.free();
      throw new EngineError('llama.cpp', 'adapter-failed', 'llama.cpp could not apply the adapter: export it again.');
    }
    if (lane.threadpool !== null) library.attachThreadpool(pointer, lane.threadpool, lane.threadpool);
    return new LlamaContext(library, lane, pointer, abort, options, holders, {
      vocabulary: library.vocabSize(library.modelVocab(model)),
      hidden: library.modelHiddenSize(model),
    });
  }

  private constructor(
    library: LlamaLibrary,
    lane: ComputeLane,
    pointer: Pointer,
    abort: AbortFlag,
    options: ContextOptions,
    holders: readonly (readonly number[])[],
    sizes: { readonly vocabulary: number; readonly hidden: number },
  ) {
    this.#library = library;
    this.#lane = lane;
    this.pointer = pointer;
    this.#memory = library.contextMemory(pointer);
    this.#abort = abort;
    this.options = options;
    this.#holders = holders;
    this.#batch = new BatchArrays(options.batchTokens, holders);
    this.#vocabularySize = sizes.vocabulary;
    this.#hiddenSize = sizes.hidden;
    this.#states = new Float32Array(options.givesStates ? options.batchRows * sizes.hidden : 0);
  }

  /** Runs `work`, and the forward passes in it, while no other model computes. */
  turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#lane.run(work);
  }

  /**
   * One forward pass; to be called in a turn, where other models may be computed as well.
   *
   * @param output `states` only where the context gives them
   * @throws EngineError when llama.cpp refuses the batch, or states were missed twice
   */
  async decode(entries: readonly BatchEntry[], output: PassOutput = 'logits'): Promise<DecodeResult> {
    const { code } = await this.#compute(entries, output === 'logits' ? 'decode' : 'states');
    const wasMissed = this.#missed;
    this.#missed = code === NO_STATES;
    if (this.#missed && !wasMissed) return 'missed';
    if (code === 0) return 'done';
    if (code === 1) return 'full';
    if (code === 2) return 'aborted';
    const unnamed = code === NO_STATES ? 'its graph has no states of the usual name' : `code ${code}`;
    const reason = this.#library.log.takeErrors()[0] ?? unnamed;
    throw new EngineError('llama.cpp', 'decode-failed', `llama.cpp could not compute the next tokens (${reason}).`);
  }

  /** A pass that gives logits, and the tensor that they are in its graph; undefined where it failed, or has another name. */
  async findOutput(entries: readonly BatchEntry[]): Promise<Pointer | undefined> {
    const { code, tensor } = await this.#compute(entries, 'find-output');
    return code === 0 ? (tensor as Pointer | undefined) : undefined;
  }

  async #compute(entries: readonly BatchEntry[], kind: 'decode' | 'find-output' | 'states'): Promise<ComputeAnswer> {
    this.#abort.clear();
    this.#library.log.takeErrors();
    this.#batch.fill(entries);
    const pass = { context: this.pointer, tokens: entries.length, batch: this.#batch.addresses };
    if (kind !== 'states') return await this.#lane.compute({ kind, ...pass });
    const { ownCells, batchTokens, partTokens = batchTokens } = this.options;
    const order = ownCells ? graphOrder(entries, partTokens) : [...entries.keys()];
    this.#stateOf = new Map(order.filter((index) => entries[index]!.row).map((index, state) => [index, state]));
    return await this.#lane.compute({
      kind,
      ...pass,
      states: koffi.address(this.#states),
      statesBytes: 4 * this.#hiddenSize * this.#stateOf.size,
    });
  }

  /** Stops the forward pass that is running. */
  abort(): void {
    this.#abort.raise();
  }

  /**
   * The logits after the batch's entry `index`, a view of native memory: [vocabulary size] floats, valid until the next
   * decode.
   */
  row(index: number): Float32Array {
    const address = this.#library.logitsRow(this.pointer, index);
    if (address === null) throw new EngineError('llama.cpp', 'no-logits', 'llama.cpp gave no logits for a token.');
    return this.#views.at(address, this.#vocabularySize);
  }

  /**
   * The state after the batch's entry `index`, which the output matrix makes logits of: [hidden size] floats, valid until
   * the next decode. After a pass that gave states.
   */
  state(index: number): Float32Array {
    const place = this.#stateOf.get(index);
    if (place === undefined) throw new EngineError('llama.cpp', 'no-state', 'llama.cpp gave no state for a token.');
    return this.#states.subarray(place * this.#hiddenSize, (place + 1) * this.#hiddenSize);
  }

  /** Whether the next passes give the hidden states of their entries, all of which must ask for their row then. */
  giveHiddenStates(wanted: boolean): void {
    this.#library.setEmbeddings(this.pointer, wanted);
  }

  /** The hidden state after the batch's entry `index`: a copy of `size` floats. */
  hiddenState(index: number, size: number): Float32Array {
    return copied(this.#library.embeddingsRow(this.pointer, index), size);
  }

  /** What pooling made of a sequence in the last pass: a copy of `size` floats. */
  pooled(sequence: number, size: number): Float32Array {
    return copied(this.#library.embeddingsOfSequence(this.pointer, sequence), size);
  }

  /** Forgets a sequence from a position on; false where the model's memory can't be cut there. */
  truncate(sequence: number, position: number): boolean {
    return this.#holders[sequence]!.every((holder) => this.#library.memoryRemove(this.#memory, holder, position, -1));
  }

  /** Lets `target`, an empty sequence, share the first `length` positions of `source`. */
  share(source: number, target: number, length: number): void {
    for (const holder of this.#holders[target]!) this.#share(source, holder, length);
  }

  /** Between sequences with cells of their own, llama.cpp copies all cells, in their places, before the next pass. */
  #share(source: number, holder: number, length: number): void {
    const { ownCells = false } = this.options;
    this.#library.memoryCopy(this.#memory, source, holder, ownCells ? -1 : 0, ownCells ? -1 : length);
    if (ownCells) this.#library.memoryRemove(this.#memory, holder, length, -1);
  }

  close(): void {
    if (this.#lane.threadpool !== null) this.#library.detachThreadpool(this.pointer);
    this.#library.contextFree(this.pointer);
    this.#abort.free();
  }
}

/**
 * The native sequences that hold the cells of each sequence: itself first, and a second one where windows are kept. A cell
 * that one native sequence holds, and whose token has slid out of its window, llama.cpp gives to any other token, even
 * with `swa_full` and empty cells left; one that two hold it leaves alone.
 */
function holdersOf({ sequences, keepsWindows }: ContextOptions): number[][] {
  const each = keepsWindows ? 2 : 1;
  if (sequences * each > MOST_SEQUENCES) throw tooManySequences(MOST_SEQUENCES / each);
  return Array.from({ length: sequences }, (_, i) => (keepsWindows ? [i, sequences + i] : [i]));
}

function tooManySequences(most: number): EngineError {
  return new EngineError(
    'llama.cpp',
    'too-many-sequences',
    `llama.cpp holds at most ${most} texts of this model at a time: lower ${settingName('parallel')}.`,
  );
}

function contextFailed({ contextLength, keyValueType = 'f16' }: ContextOptions, reason: string): EngineError {
  const wayOut =
    keyValueType === 'f16'
      ? `lower ${settingName('context')}`
      : `set ${settingName('kvType')} to f16, or lower ${settingName('context')}`;
  return new EngineError(
    'llama.cpp',
    'context-failed',
    `llama.cpp could not make a context of ${contextLength} tokens in ${keyValueType} (${reason}): ${wayOut}.`,
  );
}

function copied(address: Pointer | null, size: number): Float32Array {
  if (address === null) throw new EngineError('llama.cpp', 'no-hidden-state', 'llama.cpp gave no hidden state.');
  return new Float32Array(koffi.view(address, 4 * size)).slice();
}

/** The arrays behind a llama_batch, kept for all batches of a context. */
class BatchArrays {
  readonly addresses: BatchAddresses;
  readonly #token: Int32Array;
  readonly #position: Int32Array;
  readonly #sequenceCount: Int32Array;
  readonly #sequence: BigUint64Array;
  readonly #row: Int8Array;
  readonly #sequenceAddresses: bigint[];
  /** Sequence ids that `seq_id` points to: the holders of each sequence, one sequence after another. */
  readonly #sequenceIds: Int32Array;

  /** @param holders as many for each sequence */
  constructor(tokens: number, holders: readonly (readonly number[])[]) {
    const each = holders[0]!.length;
    this.#sequenceIds = Int32Array.from(holders.flat());
    const first = koffi.address(this.#sequenceIds);
    this.#sequenceAddresses = holders.map((_, i) => first + BigInt(4 * each * i));
    this.#token = new Int32Array(tokens);
    this.#position = new Int32Array(tokens);
    this.#sequenceCount = new Int32Array(tokens).fill(each);
    this.#sequence = new BigUint64Array(tokens);
    this.#row = new Int8Array(tokens);
    this.addresses = {
      token: koffi.address(this.#token),
      pos: koffi.address(this.#position),
      n_seq_id: koffi.address(this.#sequenceCount),
      seq_id: koffi.address(this.#sequence),
      logits: koffi.address(this.#row),
    };
  }

  fill(entries: readonly BatchEntry[]): void {
    for (const [i, entry] of entries.entries()) {
      this.#token[i] = entry.token;
      this.#position[i] = entry.position;
      this.#sequence[i] = this.#sequenceAddresses[entry.sequence]!;
      this.#row[i] = entry.row ? 1 : 0;
    }
  }
}
