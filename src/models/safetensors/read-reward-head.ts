import { stat } from 'node:fs/promises';
import { ModelFileError } from '../../core/errors.ts';
import { readSafetensors } from './read-safetensors.ts';

/** As transformers names the head of a model for sequence classification. */
const WEIGHT = 'score.weight';
const BIAS = 'score.bias';
/** Note of the training script: the size of the GGUF file that the head was trained on. */
const TRAINED_ON = 'gguf_bytes';

/**
 * Reads a reward head: `score.weight` of the shape [1, hidden size], and `score.bias` of the shape [1] where there is
 * one.
 *
 * @throws ModelFileError when it is no such file, or was trained on another GGUF file than `ggufPath`
 */
export async function readRewardHead(path: string, ggufPath: string): Promise<{ weight: Float32Array; bias: number }> {
  const { tensors, notes } = await readSafetensors(path);
  const weight = tensors.get(WEIGHT);
  const bias = tensors.get(BIAS);
  if (!weight) throw refusal(path, `it has no tensor ${WEIGHT}`);
  if (weight.shape.length !== 2 || weight.shape[0] !== 1) {
    throw refusal(path, `${WEIGHT} has the shape [${weight.shape.join(', ')}], not [1, hidden size]`);
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== 1)) {
    throw refusal(path, `${BIAS} has the shape [${bias.shape.join(', ')}], not [1]`);
  }
  const values = [...weight.values, ...(bias?.values ?? [])];
  if (!values.every(Number.isFinite)) throw refusal(path, 'it holds values that are not numbers');
  await assertTrainedOn(notes[TRAINED_ON], path, ggufPath);
  return { weight: weight.values, bias: bias?.values[0] ?? 0 };
}

async function assertTrainedOn(bytes: string | undefined, path: string, ggufPath: string): Promise<void> {
  if (bytes === undefined) return;
  const { size } = await stat(ggufPath);
  if (String(size) === bytes) return;
  throw refusal(path, `it was trained on a GGUF file of ${bytes} bytes, and ${ggufPath} has ${size}`);
}

function refusal(path: string, reason: string): ModelFileError {
  return new ModelFileError(
    'bad-reward-head',
    `The reward head ${path} can't be used (${reason}): give the head that was trained on this model.`,
  );
}
