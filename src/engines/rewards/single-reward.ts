import { EngineError } from '../../core/errors.ts';
import type { ServerName } from '../http/http-failure.ts';

/** The one number that a reward model has. @throws EngineError for a model that says several, as classifiers do */
export function singleReward(numbers: readonly number[], { engine, url }: ServerName): number {
  const [reward] = numbers;
  if (reward !== undefined && numbers.length === 1) return reward;
  throw new EngineError(
    engine,
    'not-a-reward-model',
    `${engine} at ${url} says ${numbers.length} numbers of a conversation, where a reward model says one: serve a reward model.`,
    { url },
  );
}
