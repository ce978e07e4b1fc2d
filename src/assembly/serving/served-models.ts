import { ConfigError } from '../../core/errors.ts';
import type { DecodingStrategy } from '../../core/decoding-strategy.ts';
import type { LanguageModel } from '../../core/language-model.ts';
import { createStrategy, hasSwitch, type StrategyChoice } from '../create-strategy.ts';
import type { CriterionChoice } from '../notation/criteria/resolve-criterion.ts';
import { samplingOf } from '../decode.ts';
import type { DecodeOptions } from '../decode-options.ts';
import type { SwitchSettings } from '../../settings/request-fields.ts';
import type { Pair } from '../load-pair.ts';
import { strategyOptions } from '../strategy-options.ts';

/** One name that a gateway serves. */
export interface ServedModelParts {
  readonly id: string;
  /** Requests of the same queue wait for the same engines. */
  readonly queue: string;
  readonly defaults: ReturnType<typeof defaultsOf>;
  strategy(options: SwitchSettings): DecodingStrategy;
  /** Goes on from plain text, and scores it. */
  readonly text?: LanguageModel;
}

/** A pair under its name, and its two models as `name:base` and `name:draft`. */
export function servedModels(name: string, pair: Pair, queue: string, decode: DecodeOptions): ServedModelParts[] {
  const shared = { queue, defaults: defaultsOf(decode) };
  const alone = (strategy: StrategyChoice, id: string) => {
    const single = createStrategy(strategy, pair, strategyOptions(decode));
    return { id, ...shared, strategy: (options: SwitchSettings) => withoutSwitch(id, single, options) };
  };
  const { strategy = 'wsd' } = decode;
  const together = hasSwitch(strategy)
    ? { id: name, ...shared, strategy: (options: SwitchSettings) => switching(strategy, pair, decode, options) }
    : alone(strategy, name);
  return [together, { ...alone('base', `${name}:base`), text: pair.base }, alone('draft', `${name}:draft`)];
}

function switching(
  strategy: StrategyChoice,
  pair: Pair,
  decode: DecodeOptions,
  options: SwitchSettings,
): DecodingStrategy {
  return createStrategy(strategy, pair, strategyOptions({ ...decode, ...options, ...criterionOf(decode, options) }));
}

/** A request that speaks of the criterion overrules what is configured; one of γ and w, the other one's default. */
function criterionOf(decode: DecodeOptions, { criterion, gamma, window }: SwitchSettings): CriterionChoice {
  if (criterion !== undefined) return { criterion, gamma, window };
  if (gamma === undefined && window === undefined) return {};
  return { criterion: undefined, gamma: gamma ?? decode.gamma, window: window ?? decode.window };
}

function withoutSwitch(id: string, strategy: DecodingStrategy, options: SwitchSettings): DecodingStrategy {
  const [given] = Object.keys(options);
  if (given === undefined) return strategy;
  const single = ['base', 'draft'].includes(strategy.name)
    ? 'is one model alone, which'
    : `decodes by ${strategy.name}, which`;
  throw new ConfigError('no-switch', `${id} ${single} has no switch: leave out ${given}.`);
}

function defaultsOf(decode: DecodeOptions) {
  const { maxTokens, maxResponseTokens, stop, system, speculate, onLoop } = decode;
  return {
    sampling: samplingOf(decode),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(maxResponseTokens !== undefined && { maxResponseTokens }),
    ...(stop && { stop }),
    ...(onLoop && { onLoop }),
    ...(system !== undefined && { system }),
    ...(speculate !== undefined && { speculate }),
  };
}
