import { EngineError } from '../../core/errors.ts';

export function modelClosed(): EngineError {
  return new EngineError('llama.cpp', 'model-closed', 'The model was closed: open it again to use it.');
}

/** @param model its id: a user may have several */
export function notNumbers(model: string): EngineError {
  return new EngineError(
    'llama.cpp',
    'not-numbers',
    `The model ${model} computes no probabilities, only values that are not numbers: its file is damaged, download it again or choose another one.`,
  );
}
