import type {
  FinishReason,
  GeneratedToken,
  GenerateOptions,
  LanguageModel,
  ModelCapabilities,
  ModelInfo,
  NextTokens,
  ScoreOptions,
  TokenId,
  TokenScore,
} from '../../core/language-model.ts';
import type { PromptText } from '../../core/prompt-format.ts';
import type { PassTimes } from './speculation/pass-times.ts';
import { modelClosed, notNumbers } from './failures.ts';
import { ConfirmationDesk } from './generation/confirmation-desk.ts';
import { generateTokens } from './generation/generate-tokens.ts';
import type { RowReader, TopTokens } from './log-softmax/row-reader.ts';
import type { RoundsParts } from './generation/rounds-for.ts';
import { NotingSampler } from './generation/noting-sampler.ts';
import type { NativeModelParts } from './open-decoder.ts';
import type { OutputHead } from './output-head/output-head.ts';
import { chainSampler, greedySampler, type Sampler } from './generation/sampler.ts';
import type { Scheduler } from './scheduler.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface LlamaCppParts extends NativeModelParts {
  readonly scheduler: Scheduler;
  readonly rows: RowReader;
  /** Undefined where logits only come from forward passes. */
  readonly head?: OutputHead | undefined;
  /** Of passes that give logits, and of those that give states. */
  readonly passTimes: PassTimes;
  readonly statePassTimes: PassTimes;
  /** Most rows of logits of one pass. */
  readonly batchRows: number;
}

/** A GGUF model inside the process. `open-llama-cpp-model.ts` makes one. */
export class LlamaCppModel implements LanguageModel {
  readonly id: string;
  readonly info: ModelInfo;
  readonly capabilities: ModelCapabilities;
  /** All embedded models share one lane of compute threads. */
  readonly device = 'llama.cpp';
  readonly #parts: LlamaCppParts;
  /** What the logits behind a bound would be computed from. */
  readonly #states = new WeakMap<TokenScore, Float32Array>();
  readonly #desk: ConfirmationDesk | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: LlamaCppParts) {
    this.id = parts.id;
    this.info = parts.info;
    this.#parts = parts;
    this.#desk = this.#openDesk();
    this.capabilities = {
      statistics: true,
      prefixReuse: true,
      generatedLogprobs: true,
      nextTokens: true,
      bounds: parts.head !== undefined,
    };
  }

  encode(text: PromptText): Promise<TokenId[]> {
    return this.#ask((vocabulary) => vocabulary.encode(text));
  }

  decode(tokens: readonly TokenId[]): Promise<Uint8Array[]> {
    return this.#ask((vocabulary) => vocabulary.decode(tokens));
  }

  async score(
    prefix: readonly TokenId[],
    continuation: readonly TokenId[],
    options: ScoreOptions = {},
  ): Promise<TokenScore[]> {
    assertPrefix(prefix);
    if (continuation.length === 0) return [];
    const { head } = this.#parts;
    return head && options.bounds && !options.statistics
      ? await this.#bound(head, prefix, continuation, options)
      : await this.#score(prefix, continuation, options);
  }

  async exact(scores: readonly TokenScore[]): Promise<TokenScore[]> {
    const { head } = this.#parts;
    const bounds = scores.filter(({ isBound }) => isBound);
    const states = bounds.map((score) => {
      const state = this.#states.get(score);
      if (!state) throw new RangeError('Only the very scores that a model gave can be made exact, not copies of them.');
      return state;
    });
    const tokens = bounds.map(({ token }) => token);
    const logprobs = bounds.length > 0 ? await this.#turn(() => head!.logprobs(states, tokens)) : [];
    const exact = new Map(bounds.map((score, i) => [score, { token: score.token, logprob: logprobs[i]! }]));
    return scores.map((score) => exact.get(score) ?? score);
  }

  async #bound(
    head: OutputHead,
    prefix: readonly TokenId[],
    continuation: readonly TokenId[],
    { signal }: ScoreOptions,
  ): Promise<TokenScore[]> {
    const { context, scheduler } = this.#parts;
    const states: Float32Array[] = [];
    await scheduler.forward({
      tokens: [...prefix, ...continuation],
      rowsFrom: prefix.length - 1,
      gives: 'states',
      signal,
      onRow: (_, batchIndex) => void states.push(context.state(batchIndex).slice()),
    });
    // The last token's state is there for the next chunk, or the base's own first token.
    states.length = continuation.length;
    const bounds = await this.#turn(() => head.bounds(states, continuation));
    signal?.throwIfAborted();
    return continuation.map((token, i) => {
      const score: TokenScore = { token, logprob: bounds[i]!, isBound: true };
      this.#states.set(score, states[i]!);
      return score;
    });
  }

  /** Work of the head, whose native memory goes with the model. */
  #turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#parts.context.turn(async () => {
      if (this.#closing) throw modelClosed();
      return await work();
    });
  }

  async #score(
    prefix: readonly TokenId[],
    continuation: readonly TokenId[],
    { statistics = false, signal }: ScoreOptions,
  ): Promise<TokenScore[]> {
    const { id, rows, context, scheduler } = this.#parts;
    const scores: TokenScore[] = [];
    await scheduler.forward({
      tokens: [...prefix, ...continuation],
      rowsFrom: prefix.length - 1,
      signal,
      onRow(position, batchIndex) {
        // The last token's row is asked for as well: the next chunk, or the base's own first token, comes from it.
        const token = continuation[position - prefix.length + 1];
        if (token === undefined) return;
        const row = context.row(batchIndex);
        const score = statistics ? withStatistics(rows, row, token) : { token, logprob: rows.logprob(row, token) };
        if (Number.isNaN(score.logprob)) throw notNumbers(id);
        scores.push(score);
      },
    });
    return scores;
  }

  async *generate(
    prefix: readonly TokenId[],
    options: GenerateOptions,
  ): AsyncGenerator<GeneratedToken, FinishReason, void> {
    assertPrefix(prefix);
    const sampler = this.#sampler(options, prefix);
    const { contextLength } = this.info;
    try {
      if (!options.logprobs) {
        const confirming = isGreedy(options) ? this.#confirming() : undefined;
        return yield* generateTokens({ ...this.#parts, sampler, confirming, contextLength }, prefix, options);
      }
      const noting = new NotingSampler(sampler, this.#parts.context, this.#parts.rows);
      const parts = { ...this.#parts, sampler: noting, confirming: undefined, contextLength };
      return yield* noting.addTo(generateTokens(parts, prefix, options));
    } finally {
      sampler.close();
    }
  }

  async nextTokens(
    prefix: readonly TokenId[],
    count: number,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<NextTokens> {
    const { rows, context, scheduler } = this.#parts;
    assertPrefix(prefix);
    let found: TopTokens | undefined;
    await scheduler.forward({
      tokens: prefix,
      rowsFrom: prefix.length - 1,
      signal,
      onRow: (_, batchIndex) => void (found = rows.top(context.row(batchIndex), count)),
    });
    const { tokens, entropy } = found!;
    if (tokens.length === 0) throw notNumbers(this.id);
    return await this.#ask((vocabulary) => ({
      candidates: tokens.map(({ index, logprob }) => {
        const token = index as TokenId;
        return { token, logprob, bytes: vocabulary.decode([token])[0]!, ends: vocabulary.endsGeneration(token) };
      }),
      entropy,
    }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { scheduler, context, library, model, head } = this.#parts;
    await scheduler.close();
    // Behind what is computed from states now.
    await context.turn(() => Promise.resolve());
    head?.close();
    context.close();
    library.modelFree(model);
  }

  async #ask<T>(question: (vocabulary: Vocabulary) => T): Promise<T> {
    await Promise.resolve();
    // The vocabulary's native memory went with the model.
    if (this.#closing) throw modelClosed();
    return question(this.#parts.vocabulary);
  }

  /** Where the output matrix is most of a pass: else the pass is not much shorter without it. */
  #openDesk(): ConfirmationDesk | undefined {
    const { head } = this.#parts;
    return head?.isMostOfAPass
      ? new ConfirmationDesk({ id: this.id, head, turn: (work) => this.#turn(work) })
      : undefined;
  }

  #confirming(): RoundsParts['confirming'] {
    const { head, context, ...parts } = this.#parts;
    if (!head || !this.#desk) return undefined;
    return {
      ...parts,
      head,
      desk: this.#desk,
      state: (batchIndex) => context.state(batchIndex),
    };
  }

  #sampler(options: GenerateOptions, prefix: readonly TokenId[]): Sampler {
    return isGreedy(options) ? greedySampler(this.#parts) : chainSampler(this.#parts, options, prefix);
  }
}

function isGreedy({ temperature, repetitionPenalty = 1 }: GenerateOptions): boolean {
  return temperature === 0 && repetitionPenalty === 1;
}

function assertPrefix(prefix: readonly TokenId[]): void {
  if (prefix.length === 0) throw new RangeError('A model needs at least one token of prefix.');
}

function withStatistics(rows: RowReader, row: Float32Array, token: TokenId): TokenScore {
  const { logprob, rank, entropy, argmax, argmaxLogprob } = rows.statistics(row, token);
  return { token, logprob, rank, entropy, firstChoice: argmax as TokenId, firstChoiceLogprob: argmaxLogprob };
}
