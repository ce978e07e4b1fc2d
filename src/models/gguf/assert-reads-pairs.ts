import { ModelFileError } from '../../core/errors.ts';
import type { GgufHeader } from './gguf-header.ts';
import { findString } from './metadata-lookup.ts';

/**
 * BERT's tokenizer marks the second of two texts with another token type. llama.cpp adds the first type's row to every
 * token, so a classifier that was trained with two reads such a pair wrongly; one text with a chat template is all of the
 * first type, and tokenizers of other kinds mark nothing.
 *
 * @param id the model's, for the message
 * @throws ModelFileError for a file of two token types that would be given pairs
 */
export function assertReadsPairs({ metadata, tensors }: GgufHeader, id: string): void {
  const types = tensors.find(({ name }) => name === 'token_types.weight')?.dimensions[1] ?? 0;
  const marksTexts = findString(metadata, 'tokenizer.ggml.model') === 'bert';
  if (types < 2 || !marksTexts || metadata.has('tokenizer.chat_template')) return;
  throw new ModelFileError(
    'two-token-types',
    `${id} tells question and answer apart by ${types} token types, of which llama.cpp gives it the first only, so its rewards would be wrong: choose a classifier with one token type, such as one of ModernBERT or RoBERTa, or let it read one text with #template=FILE behind its name.`,
  );
}
