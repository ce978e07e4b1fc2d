import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import type { SwitchSettings } from '../settings/request-fields.ts';
import type { LanguageModel, SamplingParams } from '../core/language-model.ts';

/** What a request leaves out. */
export interface ServedDefaults {
  readonly sampling: SamplingParams;
  /** Most tokens of the model that finishes. */
  readonly maxTokens?: number;
  /** Most tokens of the whole response. */
  readonly maxResponseTokens?: number;
  readonly stop?: readonly string[];
  /** A system message for conversations that have none. */
  readonly system?: string;
  readonly speculate?: boolean;
  readonly onLoop?: 'stop' | 'off';
}

/** One name that a request's `model` can be: a pair, or one model of it for comparison. */
export interface ServedModel {
  readonly id: string;
  /** Requests of the same queue wait for the same engines: those of a pair and of its two models. */
  readonly queue: string;
  readonly defaults: ServedDefaults;
  /** @throws ConfigError for options out of range, or where there is no switch, CapabilityError */
  strategy(options: SwitchSettings): DecodingStrategy;
  /** The model that goes on from plain text and scores it. Undefined for what only answers conversations. */
  readonly text?: LanguageModel;
  /** True: token ids that it is given begin with BOS as well, where its tokenizer adds it and they have none. */
  readonly beginsIds?: boolean;
}
