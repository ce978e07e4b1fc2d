/** For tests: models in memory whose every probability is known. */
export { EXAMPLE_TOKENIZERS } from './example-tokenizers.ts';
export { byText, type Distribution, type NextToken, pseudoRandom, writes } from './next-token.ts';
export { type ScriptedCall, scriptedModel, type ScriptedModel, type ScriptedModelOptions } from './scripted-model.ts';
export { scriptedReward, type ScriptedRewardOptions } from './scripted-reward.ts';
export type { ScriptedVocabulary } from './scripted-vocabulary.ts';
export { type ScriptedWrite, scriptedWriter, type ScriptedWriterOptions } from './scripted-writer.ts';
export type { Tokenizer } from './tokenizer.ts';
