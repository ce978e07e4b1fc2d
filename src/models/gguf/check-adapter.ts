import { ModelFileError } from '../../core/errors.ts';
import { GgufFault, toModelFileError } from './gguf-fault.ts';
import type { GgufHeader, GgufTensor } from './gguf-header.ts';
import { findString } from './metadata-lookup.ts';
import { readGgufHeader } from './read-gguf-header.ts';

/**
 * Reads the header of a LoRA GGUF, and holds its kind, its architecture and the shapes of its matrices against a model.
 *
 * @param model the header of the model that it will be applied to
 * @throws ModelFileError `not-an-adapter`, `adapter-mismatch`, or what `readGgufHeader` throws
 */
export async function checkAdapter(path: string, model: GgufHeader): Promise<void> {
  const adapter = await readGgufHeader(path);
  try {
    assertIsLora(path, adapter);
    assertSameArchitecture(path, adapter, model);
  } catch (error) {
    if (error instanceof GgufFault) throw toModelFileError(error, path);
    throw error;
  }
  assertShapes(path, adapter, model);
}

function assertIsLora(path: string, { metadata, tensors }: GgufHeader): void {
  const isAdapter = findString(metadata, 'general.type') === 'adapter';
  if (isAdapter && findString(metadata, 'adapter.type') === 'lora' && tensors.length > 0) return;
  throw new ModelFileError('not-an-adapter', `${path} is not a LoRA adapter: give a LoRA GGUF behind #lora=.`);
}

function assertSameArchitecture(path: string, adapter: GgufHeader, model: GgufHeader): void {
  const key = 'general.architecture';
  const [made, given] = [findString(adapter.metadata, key), findString(model.metadata, key)];
  if (made !== given) throw mismatch(path, `its architecture is ${made ?? 'not named'}, the model's is ${given}`);
}

/** An adapter's pair for a weight of [in × out] is [in × rank] and [rank × out]. */
function assertShapes(path: string, adapter: GgufHeader, model: GgufHeader): void {
  const weights = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const parts = new Map(adapter.tensors.map((tensor) => [tensor.name, tensor]));
  for (const name of parts.keys()) {
    const [, weight, part] = /^(.+)\.lora_([ab])$/.exec(name) ?? [];
    if (weight === undefined) throw mismatch(path, `it has a tensor ${name}, which belongs to no pair`);
    const other = parts.get(`${weight}.lora_${part === 'a' ? 'b' : 'a'}`);
    if (!other) throw mismatch(path, `${name} lacks the other matrix of its pair`);
    const target = weights.get(weight);
    if (!target) throw mismatch(path, `the model has no tensor ${weight}`);
    if (part === 'a') assertPair(path, target, parts.get(name)!, other);
  }
}

function assertPair(path: string, { name, dimensions }: GgufTensor, a: GgufTensor, b: GgufTensor): void {
  // Of an embedding, llama.cpp looks rows up in the transposed a.
  const [inner, outer] = name === 'token_embd.weight' ? [dimensions[1], dimensions[0]] : dimensions;
  const [aIn, aRank = 1] = a.dimensions;
  const [bRank, bOut = 1] = b.dimensions;
  if (aIn === inner && aRank === bRank && bOut === outer) return;
  throw mismatch(path, `its matrices for ${name} have other shapes than the model's`);
}

function mismatch(path: string, reason: string): ModelFileError {
  return new ModelFileError(
    'adapter-mismatch',
    `The adapter ${path} was made for another model (${reason}): name the model that it was trained on.`,
  );
}
