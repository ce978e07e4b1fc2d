import type { LanguageModel } from '../../src/index.ts';

/** The beginning of a text, as long as so many tokens of a model, or all of a shorter text. */
export async function promptOfLength(model: LanguageModel, text: string, tokens: number): Promise<string> {
  const ids = (await model.encode([{ text, control: false }])).slice(0, tokens);
  return Buffer.concat(await model.decode(ids)).toString();
}
