import { GgufFault } from './gguf-fault.ts';
import type { GgufTensor } from './gguf-header.ts';
import type { HeaderCursor } from './header-cursor.ts';
import { TENSOR_TYPES } from './tensor-types.ts';

/** `GGML_MAX_NAME` less the closing zero. */
const MAX_NAME_BYTES = 63;
const MAX_DIMENSIONS = 4;

/** Reads the descriptions of `count` tensors; whether they lie inside of the file is `checkTensorLayout`'s to say. */
export function readTensors(cursor: HeaderCursor, count: number): GgufTensor[] {
  const tensors: GgufTensor[] = [];
  const names = new Set<string>();
  for (let index = 0; index < count; index++) {
    const tensor = readTensor(cursor);
    if (names.has(tensor.name)) throw new GgufFault('damaged-gguf', `the tensor ${tensor.name} occurs twice`);
    names.add(tensor.name);
    tensors.push(tensor);
  }
  return tensors;
}

function readTensor(cursor: HeaderCursor): GgufTensor {
  const name = cursor.string('a tensor name', MAX_NAME_BYTES);
  if (name === '' || /[\0-\x1f\ufffd]/.test(name)) {
    throw new GgufFault('damaged-gguf', `a tensor's name is not text: ${JSON.stringify(name)}`);
  }
  const dimensions = readDimensions(cursor, name);
  const type = cursor.u32(`the type of the tensor ${name}`);
  const byteLength = tensorBytes(name, dimensions, type);
  const offset = cursor.count(Number.MAX_SAFE_INTEGER, `the offset of the tensor ${name}`);
  return { name, dimensions, type, offset, byteLength };
}

function readDimensions(cursor: HeaderCursor, name: string): number[] {
  const rank = cursor.u32(`the rank of the tensor ${name}`);
  if (rank < 1 || rank > MAX_DIMENSIONS) {
    throw new GgufFault('damaged-gguf', `the tensor ${name} has ${rank} dimensions instead of 1 to ${MAX_DIMENSIONS}`);
  }
  const dimensions: number[] = [];
  let elements = 1;
  for (let axis = 0; axis < rank; axis++) {
    const dimension = cursor.count(Number.MAX_SAFE_INTEGER, `a dimension of the tensor ${name}`);
    if (dimension === 0) throw new GgufFault('damaged-gguf', `the tensor ${name} has an empty dimension`);
    elements *= dimension;
    if (elements > Number.MAX_SAFE_INTEGER) throw new GgufFault('damaged-gguf', `the tensor ${name} is too large`);
    dimensions.push(dimension);
  }
  return dimensions;
}

function tensorBytes(name: string, dimensions: readonly number[], typeNumber: number): number {
  const type = TENSOR_TYPES.get(typeNumber);
  if (type === undefined) {
    throw new GgufFault(
      'unsupported-gguf',
      `the tensor ${name} has the type ${typeNumber}, which llama.cpp doesn't read`,
    );
  }
  const row = dimensions[0]!;
  if (row % type.blockSize !== 0) {
    const clause = `the tensor ${name} has rows of ${row} elements, not a multiple of the ${type.blockSize} of ${type.name}`;
    throw new GgufFault('damaged-gguf', clause);
  }
  const blocks = dimensions.reduce((product, dimension) => product * dimension, 1) / type.blockSize;
  return blocks * type.blockBytes;
}
