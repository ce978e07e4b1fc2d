import type { LlamaLibrary, Pointer } from '../native/llama-library.ts';

/** Control tokens' texts around two texts that an encoder reads together; for BERT `[CLS]` first `[SEP]` second `[SEP]`. */
export interface PairTexts {
  readonly begin: readonly string[];
  readonly between: readonly string[];
  readonly end: readonly string[];
}

const NO_TOKEN = -1;

/** As the vocabulary says what it adds: RoBERTa's has an end of text, BERT's a separator. */
export function pairTexts(library: LlamaLibrary, vocab: Pointer): PairTexts {
  const textOf = (wanted: boolean, token: number): string[] =>
    wanted && token !== NO_TOKEN ? [library.vocabText(vocab, token)] : [];
  const eos = textOf(library.vocabAddsEos(vocab), library.vocabEos(vocab));
  const separator = textOf(library.vocabAddsSeparator(vocab), library.vocabSeparator(vocab));
  return {
    begin: textOf(true, library.vocabBos(vocab)),
    between: [...eos, ...separator],
    end: eos.length > 0 ? eos : separator,
  };
}
