import { beginningOfText } from '../../core/beginning-of-text.ts';
import type { LanguageModel, TokenId } from '../../core/language-model.ts';
import { ApiError } from '../api/api-error.ts';
import type { CompletionRequest } from '../api/completion-request.ts';

/** Text, or token ids of the base's vocabulary. */
export type Prompt = string | readonly number[];

/** The prompts of a request, one or a batch. */
export function readPrompts({ prompt }: CompletionRequest): readonly Prompt[] {
  if (typeof prompt === 'string') return [prompt];
  return isTokens(prompt) ? [prompt] : prompt;
}

/**
 * A prompt's tokens; a text begins with the token that begins every text, where the model's tokenizer adds one.
 *
 * @throws ApiError for what is no prompt for this model
 */
export async function encodePrompt(model: LanguageModel, prompt: Prompt): Promise<TokenId[]> {
  if (typeof prompt !== 'string') return checkTokens(model, prompt);
  const tokens = await model.encode([...beginningOfText(model.info), { text: prompt, control: false }]);
  if (tokens.length > 0) return tokens;
  throw new ApiError(400, 'The prompt is empty: say what to go on from.', { param: 'prompt', code: 'empty-prompt' });
}

/** BOS, where the model's tokenizer would add it and the tokens begin with something else. */
export async function missingBeginning(model: LanguageModel, [first]: readonly TokenId[]): Promise<TokenId[]> {
  const bos = await model.encode(beginningOfText(model.info));
  return bos[0] === first ? [] : bos;
}

/** @throws ApiError for an id that the vocabulary does not have */
export function checkTokens({ id, info }: LanguageModel, tokens: readonly number[]): TokenId[] {
  const { vocabularySize = Infinity } = info;
  const unknown = tokens.find((token) => token >= vocabularySize);
  if (unknown === undefined) return [...tokens] as TokenId[];
  throw new ApiError(
    400,
    `Token ${unknown} of the prompt is not one of the ${vocabularySize} of ${id}: use the ids of its own vocabulary.`,
    { param: 'prompt', code: 'unknown-token' },
  );
}

function isTokens(prompt: Exclude<CompletionRequest['prompt'], string>): prompt is number[] {
  return typeof prompt[0] === 'number';
}
