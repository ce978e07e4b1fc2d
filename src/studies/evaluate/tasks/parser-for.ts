import { hasOwnForm, modelsNeeded, type StrategyChoice } from '../../../assembly/create-strategy.ts';
import type { ModelSettings } from '../../../assembly/model-settings.ts';
import type { ParseLine } from '../../../batch/answer-lines.ts';
import { parseLine } from '../../../batch/parse-line.ts';
import { parseItemLine } from './item-line.ts';
import type { Task } from './task.ts';

export interface AskedWith {
  readonly models: ModelSettings;
  readonly decoding: {
    readonly maxResponseTokens?: number | undefined;
    readonly stop?: readonly string[] | undefined;
    readonly temperature?: number | undefined;
    readonly seed?: number | undefined;
  };
}

/** How a strategy is asked the lines of a task, with what a person set. */
export function parserFor(task: Task, strategy: StrategyChoice, { models, decoding }: AskedWith): ParseLine {
  if (!task.benchmark) return parseLine;
  const { maxResponseTokens, stop, temperature, seed } = decoding;
  const isPlain = (models.template ?? 'plain') === 'plain' && !hasOwnForm(strategy);
  const isDrafted = modelsNeeded(strategy).includes('draft');
  return (line) => parseItemLine(line, { maxResponseTokens, stop, temperature, seed, isPlain, isDrafted });
}
