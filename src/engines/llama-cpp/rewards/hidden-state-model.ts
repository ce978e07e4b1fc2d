import { commonPrefixLength } from '../../../core/common-prefix-length.ts';
import type { ModelInfo, TokenId } from '../../../core/language-model.ts';
import type { PromptText } from '../../../core/prompt-format.ts';
import { modelClosed } from '../failures.ts';
import type { NativeModelParts } from '../open-decoder.ts';
import type { Scheduler } from '../scheduler.ts';
import type { HiddenStateContext } from './hidden-state-context.ts';

export interface HiddenStateParts extends NativeModelParts {
  readonly hiddenSize: number;
  readonly hiddenStates: HiddenStateContext;
  readonly scheduler: Scheduler;
}

/** A shared beginning shorter than this is not worth a pass of its own. */
const WORTH_SHARING = 16;

/**
 * A decoder that gives the hidden state of a text's last token, after the final norm. What the cache holds of a text's
 * beginning is not computed again. `open-hidden-state-model.ts` makes one.
 */
export class HiddenStateModel {
  readonly id: string;
  readonly info: ModelInfo;
  readonly #parts: HiddenStateParts;
  #closing: Promise<void> | undefined;

  constructor(parts: HiddenStateParts) {
    this.id = parts.id;
    this.info = parts.info;
    this.#parts = parts;
  }

  async encode(text: PromptText): Promise<TokenId[]> {
    await Promise.resolve();
    if (this.#closing) throw modelClosed();
    return this.#parts.vocabulary.encode(text);
  }

  /** Floats of a hidden state. */
  get hiddenSize(): number {
    return this.#parts.hiddenSize;
  }

  /**
   * The hidden state of each sequence's last token, in order; several at once cost less where they begin alike.
   *
   * @throws AbortError, ContextOverflowError, EngineError
   */
  async hiddenStates(
    sequences: readonly (readonly TokenId[])[],
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Float32Array[]> {
    await this.#shareBeginning(sequences, signal);
    return Promise.all(sequences.map((tokens) => this.#lastState(tokens, signal)));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Computes what several sequences begin with, once; they take it from the cache. */
  async #shareBeginning(sequences: readonly (readonly TokenId[])[], signal: AbortSignal | undefined): Promise<void> {
    const [first, ...others] = sequences;
    if (first === undefined || others.length === 0) return;
    const length = Math.min(...others.map((tokens) => commonPrefixLength(first, tokens)));
    if (length < WORTH_SHARING) return;
    const tokens = first.slice(0, length);
    await this.#parts.scheduler.forward({ tokens, rowsFrom: length - 1, onRow: () => undefined, signal });
  }

  async #lastState(tokens: readonly TokenId[], signal: AbortSignal | undefined): Promise<Float32Array> {
    if (tokens.length === 0) throw new RangeError('A hidden state needs at least one token.');
    const { scheduler, hiddenStates } = this.#parts;
    let state: Float32Array = new Float32Array();
    const onRow = (_: number, index: number): void => void (state = hiddenStates.hiddenState(index));
    await scheduler.forward({ tokens, rowsFrom: tokens.length - 1, onRow, signal });
    return state;
  }

  async #close(): Promise<void> {
    const { scheduler, context, library, model, vocabulary } = this.#parts;
    await scheduler.close();
    await vocabulary.idle();
    context.close();
    library.modelFree(model);
  }
}
