import { ConfigError, ModelFileError } from '../../../core/errors.ts';
import { LlamaContext } from '../llama-context.ts';
import { loadModel } from '../load-model.ts';
import { modelInfo } from '../model-info.ts';
import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';
import type { LlamaCppOptions } from '../open-decoder.ts';
import { Vocabulary } from '../vocabulary.ts';
import { EncoderScorer } from './encoder-scorer.ts';
import { type PairTexts, pairTexts } from './pair-texts.ts';

export interface EncoderScorerOptions extends Omit<LlamaCppOptions, 'sequences'> {
  /** The class whose output is the score; needed where there are several. */
  readonly label?: string | undefined;
}

/**
 * Loads an encoder with a classification head, off the event loop.
 *
 * @throws ModelFileError when llama.cpp refuses the file, ConfigError for a label that it has not, EngineError
 */
export async function openEncoderScorer(library: LlamaLibrary, options: EncoderScorerOptions): Promise<EncoderScorer> {
  const model = await loadModel(library, options);
  try {
    return await openContext(library, model, options);
  } catch (error) {
    library.modelFree(model);
    throw error;
  }
}

async function openContext(
  library: LlamaLibrary,
  model: Pointer,
  options: EncoderScorerOptions,
): Promise<EncoderScorer> {
  const classCount = library.modelClassCount(model);
  const classIndex = chooseClass(classLabels(library, model, classCount), options);
  const vocab = library.modelVocab(model);
  const vocabulary = new Vocabulary(library, model, options.controlCandidates);
  const texts = pairTexts(library, vocab);
  assertKnown(texts, vocabulary, options.path);
  const contextLength = Math.min(options.contextLength, library.modelContextLength(model));
  const context = await LlamaContext.open(library, model, options.lane, {
    contextLength,
    sequences: 1,
    // An encoder reads a text in one pass.
    batchTokens: contextLength,
    batchRows: contextLength,
    pooling: 'rank',
  });
  return new EncoderScorer({
    id: options.id,
    info: modelInfo(library, model, vocabulary, contextLength),
    library,
    model,
    vocabulary,
    context,
    pairTexts: texts,
    classIndex,
    classCount,
  });
}

/** What the file does not mark as a control token would be read as words. */
function assertKnown({ begin, between, end }: PairTexts, { controlTexts }: Vocabulary, path: string): void {
  const unknown = [...begin, ...between, ...end].find((text) => !controlTexts.includes(text));
  if (unknown === undefined) return;
  throw new ModelFileError(
    'unmarked-control-token',
    `${path} does not mark ${JSON.stringify(unknown)} as a control token, so texts can't be put together for it: choose another file of this model.`,
  );
}

function classLabels(library: LlamaLibrary, model: Pointer, count: number): string[] {
  return Array.from({ length: count }, (_, index) => library.modelClassLabel(model, index) ?? '');
}

function chooseClass(labels: readonly string[], { label, path }: EncoderScorerOptions): number {
  if (labels.length === 0) throw new ModelFileError('no-classes', `${path} has no classes: choose another classifier.`);
  if (label === undefined && labels.length === 1) return 0;
  const index = label === undefined ? -1 : labels.indexOf(label);
  if (index >= 0) return index;
  const names = labels.filter((name) => name !== '').map((name) => JSON.stringify(name));
  throw new ConfigError(
    'bad-label',
    label === undefined
      ? `${path} is a classifier with ${labels.length} classes: name the one that is the reward with #label=, one of ${names.join(', ')}.`
      : `${path} has no class ${JSON.stringify(label)}: its classes are ${names.join(', ') || 'without names, so leave the label out'}.`,
  );
}
