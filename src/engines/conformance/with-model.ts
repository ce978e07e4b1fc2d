import type { LanguageModel, TokenId } from '../../core/language-model.ts';
import type { ConformanceFixtures, OpenModel } from './conformance-fixtures.ts';

export interface Opened {
  readonly model: LanguageModel;
  readonly prefix: readonly TokenId[];
  readonly continuation: readonly TokenId[];
  readonly toleranceNats: number;
}

/** A test's body with a model of its own, and the fixtures in its tokens. */
export function withModel(
  open: OpenModel,
  { prompt, continuation, toleranceNats = 1e-9 }: ConformanceFixtures,
  body: (opened: Opened) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const opened = await open();
    const { model } = opened;
    try {
      const prefix = await model.encode(prompt);
      const tokens = await model.encode([{ text: continuation, control: false }]);
      await body({ model, prefix, continuation: tokens, toleranceNats });
    } finally {
      await opened.close();
    }
  };
}
