import { join } from 'node:path';
import { modelsNeeded, type StrategyChoice } from '../../assembly/create-strategy.ts';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import type { Benchmark } from '../../benchmarks/benchmark.ts';
import { DataSource } from '../../benchmarks/data/data-source.ts';
import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import { type Prompt, readPrompts } from '../../preferences/synth/read-candidates.ts';
import { synthesisePairs, type SynthOptions, type SynthReport } from '../../preferences/synth/synthesise-pairs.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import { evaluationFiles } from '../evaluate/evaluation-places.ts';
import type { EvaluateOptions } from '../evaluate/open-evaluation.ts';

export interface SynthesiseOptions
  extends
    Omit<SynthOptions, 'responses' | 'perPrompt'>,
    Pick<EvaluateOptions, 'models' | 'decoding' | 'concurrency' | 'announce' | 'notice' | 'watch' | 'settings'> {
  /** Who answers the prompts; at least one. */
  readonly strategies: readonly StrategyChoice[];
  /** Responses of each strategy to each prompt, a whole number ≥ 1; more than one need a temperature. Default: 1. */
  readonly perPrompt?: number | undefined;
  /** Told how many responses there are to be, before the first. */
  readonly onPlan?: ((count: { readonly prompts: number; readonly responses: number }) => void) | undefined;
}

/** Most tokens of a response, where the settings of decoding have no limit: pairs are trained on some hundreds. */
const MOST_TOKENS = 512;

/**
 * Has strategies answer prompts, several times each, and makes pairs of the best and the worst response, as
 * `synthesisePairs` does. The responses are an evaluation's, in a folder beside the output (`OUTPUT.responses`): the same
 * call goes on where an earlier one ended.
 *
 * @throws as `evaluate` and `synthesisePairs` do
 */
export async function synthesise(options: SynthesiseOptions): Promise<SynthReport> {
  const { strategies, perPrompt = 1, models, decoding, concurrency, settings, watch, onPlan, ...synth } = options;
  const { announce, notice, ...pairing } = synth;
  const { input, output, signal } = pairing;
  if (perPrompt > 1 && (decoding.temperature ?? 0) === 0) {
    throw new ConfigError(
      'same-samples',
      `Without a temperature the ${perPrompt} responses of a strategy would all be the same: set ${settingName('temperature')}, such as 0.8.`,
    );
  }
  const prompts = await readPrompts(input, signal);
  onPlan?.({ prompts: prompts.length, responses: prompts.length * strategies.length * perPrompt });
  const asked = promptsAsBenchmark(prompts);
  const folder = `${output}.responses`;
  await evaluate({
    ...{
      what: [asked],
      output: folder,
      strategies,
      samples: perPrompt,
      models: modelsOf(models, strategies),
      decoding,
    },
    // Nothing is fetched for a file of prompts.
    data: new DataSource(),
    ...{ announce, notice },
    ...(concurrency !== undefined && { concurrency }),
    ...(settings && { settings }),
    ...(signal && { signal }),
    ...(watch && { watch }),
  });
  const responses = strategies.map((strategy) => join(folder, evaluationFiles(strategy, asked.name).answers));
  return await synthesisePairs({ ...pairing, responses, perPrompt });
}

/** The reward model is loaded for responses only where a strategy chooses by it. */
function modelsOf(models: ModelSettings, strategies: readonly StrategyChoice[]): ModelSettings {
  const isNeeded = strategies.some((strategy) => modelsNeeded(strategy, models).includes('reward'));
  return isNeeded ? models : { ...models, reward: undefined };
}

function promptsAsBenchmark(prompts: readonly Prompt[]): Benchmark {
  return {
    ...{ name: 'prompts', version: '1', title: 'prompts of a file', itemCount: prompts.length, data: [], needs: [] },
    form: { name: 'conversation', version: 1, stop: [], maxTokens: MOST_TOKENS },
    loadItems: () => Promise.resolve(prompts.map(({ origin, messages }) => ({ id: origin, messages, followUps: [] }))),
  };
}
