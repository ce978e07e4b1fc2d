import { after, before } from 'node:test';
import { ROUNDING } from '../../../test/fixtures/engine-assertions.ts';
import { openTinyEngine, type TinyEngine } from '../../../test/fixtures/tiny-engine.ts';
import type { TinyModelName } from '../../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import { describeLanguageModel } from '../conformance/describe-language-model.ts';

let engine: TinyEngine;
before(async () => void (engine = await openTinyEngine()));
after(() => engine.close());

/** The models, and how far the rounding of their caches goes. */
const MODELS: Readonly<Record<TinyModelName, number>> = {
  'byte-bpe': 1e-4,
  sentencepiece: 1e-4,
  attention: ROUNDING,
  'sliding-window': ROUNDING,
  mamba: 1e-4,
};

for (const [name, toleranceNats] of Object.entries(MODELS) as [TinyModelName, number][]) {
  const open = async () => {
    const model = await engine.open(name);
    return { model, close: () => model.close() };
  };
  describeLanguageModel(`the tiny ${name}`, open, {
    prompt: [{ text: 'Rain', control: false }],
    continuation: ' fell softly while an old dog slept.',
    toleranceNats,
  });
}
