import type { ModelInfo } from '../../core/language-model.ts';
import type { LlamaLibrary, Pointer } from './native/llama-library.ts';
import type { Vocabulary } from './vocabulary.ts';

export function modelInfo(
  library: LlamaLibrary,
  model: Pointer,
  vocabulary: Vocabulary,
  contextLength: number,
): ModelInfo {
  const chatTemplate = library.modelChatTemplate(model, null);
  const { size: vocabularySize, bosText, addsBos, eosText, controlTexts } = vocabulary;
  return {
    contextLength,
    vocabularySize,
    controlTexts,
    addsBos,
    ...(bosText !== undefined && { bosText }),
    ...(eosText !== undefined && { eosText }),
    ...(chatTemplate !== null && { chatTemplate }),
  };
}
