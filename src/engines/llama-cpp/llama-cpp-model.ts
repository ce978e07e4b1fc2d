import type { DraftJudge } from '../../core/draft-judge.ts';
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
import type { SwitchCriterion } from '../../core/switch-criterion.ts';
import type { PassTimes } from './speculation/pass-times.ts';
import { modelClosed, notNumbers } from './failures.ts';
import { generateTokens } from './generation/generate-tokens.ts';
import type { RowReader, TopTokens } from './log-softmax/row-reader.ts';
import { NotingSampler } from './generation/noting-sampler.ts';
import type { NativeModelParts } from './open-decoder.ts';
import type { RowsOnDemand } from './rows-on-demand/index.ts';
import { chainSampler, greedySampler, type Sampler } from './generation/sampler.ts';
import type { Scheduler } from './scheduler.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface LlamaCppParts extends NativeModelParts {
  readonly scheduler: Scheduler;
  readonly rows: RowReader;
  /** Undefined where logits only come from forward passes. */
  readonly onDemand?: RowsOnDemand | undefined;
  /** Of passes that give logits. */
  readonly passTimes: PassTimes;
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
  #closing: Promise<void> | undefined;

  constructor(parts: LlamaCppParts) {
    this.id = parts.id;
    this.info = parts.info;
    this.#parts = parts;
    this.capabilities = {
      statistics: true,
      prefixReuse: true,
      generatedLogprobs: true,
      nextTokens: true,
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
    { statistics = false, signal }: ScoreOptions = {},
  ): Promise<TokenScore[]> {
    assertPrefix(prefix);
    if (continuation.length === 0) return [];
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

  judge(criterion: SwitchCriterion): DraftJudge | undefined {
    return this.#parts.onDemand?.judge(criterion);
  }

  async *generate(
    prefix: readonly TokenId[],
    options: GenerateOptions,
  ): AsyncGenerator<GeneratedToken, FinishReason, void> {
    assertPrefix(prefix);
    const sampler = this.#sampler(options, prefix);
    const { contextLength } = this.info;
    try {
      const { onDemand, context, rows } = this.#parts;
      const parts = { ...this.#parts, contextLength };
      if (options.logprobs) {
        const noting = new NotingSampler(sampler, context, rows);
        return yield* noting.addTo(generateTokens({ ...parts, sampler: noting }, prefix, options));
      }
      const faster = onDemand && isGreedy(options) && { fasterRounds: onDemand.rounds.bind(onDemand) };
      return yield* generateTokens({ ...parts, sampler, ...faster }, prefix, options);
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
    const { scheduler, context, library, model, onDemand, vocabulary } = this.#parts;
    await scheduler.close();
    await vocabulary.idle();
    await onDemand?.close();
    context.close();
    library.modelFree(model);
  }

  async #ask<T>(question: (vocabulary: Vocabulary) => T | Promise<T>): Promise<T> {
    await Promise.resolve();
    // The vocabulary's native memory went with the model.
    if (this.#closing) throw modelClosed();
    return await question(this.#parts.vocabulary);
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
