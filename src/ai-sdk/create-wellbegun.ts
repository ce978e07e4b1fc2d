import type { LanguageModelV4, ProviderV4 } from '@ai-sdk/provider';
import { CapabilityError, ConfigError } from '../core/errors.ts';
import { type StrategyName, STRATEGY_NAMES } from '../assembly/create-strategy.ts';
import type { Models } from '../assembly/load-pair.ts';
import type { WellbegunModelOptions } from './model-options.ts';
import { wellbegunModel } from './wellbegun-model.ts';

/** Call it with the name of a strategy: `wellbegun('wsd')`, or `base` and `draft` for one model alone. */
export interface WellbegunProvider extends ProviderV4 {
  (strategy?: StrategyName): LanguageModelV4;
}

/**
 * A provider for the Vercel AI SDK over opened models, also for `createProviderRegistry`. Whoever opened the models
 * closes them.
 *
 * @param options for every response, unless a call's `providerOptions.wellbegun` says otherwise
 */
export function createWellbegun(models: Models, options: WellbegunModelOptions = {}): WellbegunProvider {
  const languageModel = (name = 'wsd'): LanguageModelV4 =>
    wellbegunModel(models, { ...options, strategy: strategyNamed(name) });
  return Object.assign((name?: StrategyName) => languageModel(name), {
    specificationVersion: 'v4' as const,
    languageModel,
    embeddingModel: () => refuse('embedding'),
    imageModel: () => refuse('image'),
  });
}

function strategyNamed(name: string): StrategyName {
  const strategy = STRATEGY_NAMES.find((known) => known === name);
  if (strategy) return strategy;
  const known = STRATEGY_NAMES.join(', ');
  throw new ConfigError('unknown-model', `wellbegun has no model ${JSON.stringify(name)}: it has ${known}.`);
}

function refuse(kind: string): never {
  throw new CapabilityError('only-text', `wellbegun has no ${kind} models: it writes text only.`);
}
