import { ModelFileError } from '../../../core/errors.ts';
import type { SequenceScorer } from '../../../core/sequence-scorer.ts';
import { notNumbers } from '../failures.ts';
import type { HiddenStateModel } from './hidden-state-model.ts';

/** What turns a hidden state h into a reward: weight · h + bias. */
export interface RewardHead {
  /** As long as a hidden state. */
  readonly weight: Float32Array;
  readonly bias: number;
}

/**
 * A decoder whose last token's hidden state is multiplied by a reward head. Closing it closes the model.
 *
 * @throws ModelFileError when the head is not of the model's size
 */
export function headScorer(model: HiddenStateModel, head: RewardHead): SequenceScorer {
  assertFits(model, head);
  return {
    id: model.id,
    info: model.info,
    encode: (text) => model.encode(text),
    async scoreSequences(sequences, options) {
      const states = await model.hiddenStates(sequences, options);
      const scores = states.map((state) => applyHead(head, state));
      if (!scores.every(Number.isFinite)) throw notNumbers(model.id);
      return scores;
    },
    close: () => model.close(),
  };
}

function applyHead({ weight, bias }: RewardHead, state: Float32Array): number {
  return state.reduce((sum, value, i) => sum + value * weight[i]!, bias);
}

function assertFits({ id, hiddenSize }: HiddenStateModel, { weight }: RewardHead): void {
  if (weight.length === hiddenSize) return;
  throw new ModelFileError(
    'head-does-not-fit',
    `The reward head has ${weight.length} weights, where the hidden states of ${id} have ${hiddenSize} numbers: give the head that was trained on this model.`,
  );
}
