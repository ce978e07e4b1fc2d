import { ContextOverflowError, EngineError } from '../../core/errors.ts';
import type {
  FinishReason,
  GeneratedToken,
  GenerateOptions,
  LanguageModel,
  ModelCapabilities,
  ModelInfo,
  NextTokens,
  TokenId,
  TokenScore,
} from '../../core/language-model.ts';
import type { PromptText } from '../../core/prompt-format.ts';
import { byteTokenizer } from './byte-tokenizer.ts';
import { chooseToken, mostLikelyFirst } from './choose-token.ts';
import type { Distribution, NextToken } from './next-token.ts';
import { createRandom } from './random.ts';
import { ScriptedVocabulary } from './scripted-vocabulary.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface ScriptedModelOptions {
  /** What the model says: `writes('…')`, `byText(…)`, `pseudoRandom(1)`, or a function of one's own. */
  readonly next: NextToken;
  readonly id?: string;
  /** Default: a token a byte. */
  readonly tokenizer?: Tokenizer;
  /** Default: 4096. */
  readonly contextLength?: number;
  /** Texts of control tokens besides those of beginning and end. */
  readonly controlTexts?: readonly string[];
  readonly bosText?: string;
  /** Default: true where there is a `bosText`. */
  readonly addsBos?: boolean;
  /** Default: `</s>`. */
  readonly eosText?: string;
  /** Control tokens that end the model's turn besides the end of text. */
  readonly endTexts?: readonly string[];
  readonly chatTemplate?: string;
  /** Awaited before the work of each token: a place to wait, to abort, or to fail. */
  readonly beforeToken?: () => void | Promise<void>;
}

/** One call: the tokens it was given or wrote, and whether it is over. */
export interface ScriptedCall {
  readonly method: 'score' | 'generate' | 'nextTokens';
  readonly prefix: readonly TokenId[];
  readonly tokens: readonly TokenId[];
  readonly ended: boolean;
}

type OpenCall = { -readonly [K in keyof ScriptedCall]: ScriptedCall[K] } & { tokens: TokenId[] };

/** A model in memory whose probabilities are known, exact, and the same every time: for tests. */
export function scriptedModel(options: ScriptedModelOptions): ScriptedModel {
  return new ScriptedModel(options);
}

export class ScriptedModel implements LanguageModel {
  readonly id: string;
  readonly info: ModelInfo;
  readonly capabilities: ModelCapabilities = {
    statistics: true,
    prefixReuse: true,
    generatedLogprobs: true,
    nextTokens: true,
  };
  readonly vocabulary: ScriptedVocabulary;
  readonly #options: ScriptedModelOptions;
  readonly #calls: OpenCall[] = [];
  #closed = false;

  constructor(options: ScriptedModelOptions) {
    const {
      id = 'scripted',
      contextLength = 4096,
      controlTexts = [],
      bosText,
      addsBos = bosText !== undefined,
      eosText = '</s>',
      endTexts = [],
    } = options;
    this.#options = options;
    this.id = id;
    const bos = bosText === undefined ? [] : [bosText];
    this.vocabulary = new ScriptedVocabulary(
      options.tokenizer ?? byteTokenizer(),
      [...bos, ...controlTexts],
      [eosText, ...endTexts],
    );
    this.info = {
      contextLength,
      vocabularySize: this.vocabulary.size,
      eosText,
      ...(bosText !== undefined && { bosText }),
      addsBos,
      controlTexts: this.vocabulary.controlTexts,
      ...(options.chatTemplate !== undefined && { chatTemplate: options.chatTemplate }),
    };
  }

  /** All calls of `score`, `generate` and `nextTokens` so far. */
  get calls(): readonly ScriptedCall[] {
    return this.#calls;
  }

  get closed(): boolean {
    return this.#closed;
  }

  encode(text: PromptText): Promise<TokenId[]> {
    return Promise.resolve(this.vocabulary.encode(text));
  }

  decode(tokens: readonly TokenId[]): Promise<Uint8Array[]> {
    return Promise.resolve(this.vocabulary.decode(tokens));
  }

  /** Tokens are counted in `calls` as they are scored. */
  async score(
    prefix: readonly TokenId[],
    continuation: readonly TokenId[],
    { statistics = false, signal }: { readonly statistics?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<TokenScore[]> {
    const call = this.#open('score', prefix);
    this.#assertFits(prefix.length + continuation.length);
    const scores: TokenScore[] = [];
    try {
      for (const token of continuation) {
        const distribution = await this.#next([...prefix, ...call.tokens], signal);
        call.tokens.push(token);
        const logprob = Math.log(distribution.get(token) ?? 0);
        scores.push({ token, logprob, ...(statistics && statisticsOf(distribution, token)) });
      }
      return scores;
    } finally {
      call.ended = true;
    }
  }

  async *generate(
    prefix: readonly TokenId[],
    { maxTokens, signal, logprobs = false, ...sampling }: GenerateOptions,
  ): AsyncGenerator<GeneratedToken, FinishReason, void> {
    const call = this.#open('generate', prefix);
    this.#assertFits(prefix.length);
    const random = createRandom(sampling.seed ?? Math.random() * 2 ** 32);
    const limit = Math.min(maxTokens, this.info.contextLength - prefix.length);
    try {
      while (call.tokens.length < limit) {
        const distribution = await this.#next([...prefix, ...call.tokens], signal);
        const token = chooseToken(distribution, sampling, random);
        if (this.vocabulary.endTokens.has(token)) return 'stop';
        call.tokens.push(token);
        const logprob = Math.log(distribution.get(token) ?? 0);
        yield { token, bytes: this.vocabulary.decode([token])[0]!, ...(logprobs && { logprob }) };
      }
      return 'length';
    } finally {
      call.ended = true;
    }
  }

  async nextTokens(
    prefix: readonly TokenId[],
    count: number,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<NextTokens> {
    const call = this.#open('nextTokens', prefix);
    this.#assertFits(prefix.length);
    try {
      const sorted = mostLikelyFirst(await this.#next(prefix, signal));
      return {
        candidates: sorted.slice(0, count).map(([token, probability]) => ({
          token,
          logprob: Math.log(probability),
          bytes: this.vocabulary.decode([token])[0]!,
          ends: this.vocabulary.endTokens.has(token),
        })),
        entropy: entropyOf(sorted),
      };
    } finally {
      call.ended = true;
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async #next(tokens: readonly TokenId[], signal: AbortSignal | undefined): Promise<Distribution> {
    signal?.throwIfAborted();
    await this.#options.beforeToken?.();
    signal?.throwIfAborted();
    return this.#options.next(tokens, this.vocabulary);
  }

  #open(method: ScriptedCall['method'], prefix: readonly TokenId[]): OpenCall {
    if (this.#closed) throw new EngineError('scripted', 'closed', `${this.id} is closed: open it again.`);
    if (prefix.length === 0)
      throw new EngineError('scripted', 'no-prefix', `${this.id} needs a prefix of at least one token.`);
    const call: OpenCall = { method, prefix: [...prefix], tokens: [], ended: false };
    this.#calls.push(call);
    return call;
  }

  #assertFits(tokens: number): void {
    const { contextLength } = this.info;
    if (tokens <= contextLength) return;
    throw new ContextOverflowError(
      'context-full',
      `${tokens} tokens do not fit the ${contextLength} of ${this.id}: ask for fewer.`,
    );
  }
}

function statisticsOf(distribution: Distribution, token: TokenId): Required<Omit<TokenScore, 'token' | 'logprob'>> {
  const sorted = mostLikelyFirst(distribution);
  const own = distribution.get(token) ?? 0;
  const rank = 1 + sorted.filter(([, probability]) => probability > own).length;
  const [firstChoice, probability] = sorted[0]!;
  return { rank, entropy: entropyOf(sorted), firstChoice, firstChoiceLogprob: Math.log(probability) };
}

function entropyOf(sorted: readonly (readonly [TokenId, number])[]): number {
  return sorted.reduce((sum, [, probability]) => sum - probability * Math.log(probability), 0);
}
