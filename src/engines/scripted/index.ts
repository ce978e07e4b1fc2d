/** For tests: models in memory whose every probability is known. */
export { EXAMPLE_TOKENIZERS } from './example-tokenizers.ts';
export { byText, pseudoRandom, writes } from './next-token.ts';
export { scriptedModel, type ScriptedModel, type ScriptedModelOptions } from './scripted-model.ts';
export { scriptedReward } from './scripted-reward.ts';
export { scriptedWriter } from './scripted-writer.ts';
