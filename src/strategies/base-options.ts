import type { LanguageModel } from '../core/language-model.ts';
import type { PromptFormat } from '../core/prompt-format.ts';

/** The model that strategies write with, and how it sees a conversation. */
export interface BaseOptions {
  readonly base: LanguageModel;
  readonly baseFormat: PromptFormat;
}
