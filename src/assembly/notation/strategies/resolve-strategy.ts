import { type Decoder, decoderStrategy } from '../../../core/kit/decoder.ts';
import { assertDecoder } from './assert-decoder.ts';
import { type ChosenStrategy, parseStrategy } from './parse-strategy.ts';
import type { StrategyKind } from './strategy-kinds.ts';

/** A strategy by its text, such as `args(k=5)`, or one's own. */
export type StrategyChoice = string | Decoder;

/** @throws ConfigError for a text that is no strategy, or a decoder that is none */
export function resolveStrategy(choice: StrategyChoice): ChosenStrategy {
  if (typeof choice === 'string') return parseStrategy(choice);
  assertDecoder(choice, 'The strategy');
  return { name: choice.name, kind: kindOf(choice), numbers: {} };
}

/** What reports call it. */
export function strategyText(choice: StrategyChoice): string {
  return typeof choice === 'string' ? choice : choice.name;
}

function kindOf(decoder: Decoder): StrategyKind {
  const { needs, textsAtOnce = 1 } = decoder;
  return {
    summary: 'one of your own',
    numbers: {},
    needs,
    atOnce: () => textsAtOnce,
    create: (models) => {
      const { base, baseFormat, draft, reward, aligner } = models;
      const used = Object.entries({ base, draft, reward, aligner }).filter(([role]) =>
        needs.some((need) => need === role),
      );
      return decoderStrategy(decoder, { ...Object.fromEntries(used), baseFormat });
    },
  };
}
