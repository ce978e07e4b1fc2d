import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { ModelFileError } from '../../core/errors.ts';
import { READ_FLOATS, type FloatType } from './read-floats.ts';

/** The only heads that are read are small; the largest models have hidden states of 16,384 numbers. */
const MOST_BYTES = 16 * 2 ** 20;
const LENGTH_BYTES = 8;

export interface FloatTensor {
  readonly shape: readonly number[];
  /** Row after row. */
  readonly values: Float32Array;
}

export interface FloatTensors {
  readonly tensors: ReadonlyMap<string, FloatTensor>;
  /** What the writer noted beside them. */
  readonly notes: Readonly<Record<string, string>>;
}

const size = z.int().nonnegative();
const entry = z.object({ dtype: z.string(), shape: z.array(size).max(8), data_offsets: z.tuple([size, size]) });
const header = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(entry);

/**
 * Reads a small safetensors file of floats: 8 bytes with the length of a JSON header, the header (name → type, shape,
 * byte range), the data.
 *
 * @throws ModelFileError for a file that is missing, too large, cut off, or whose header does not fit its data
 */
export async function readSafetensors(path: string): Promise<FloatTensors> {
  const bytes = await readSmall(path);
  try {
    return parse(bytes);
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? 'its header is not one of safetensors' : (cause as Error).message;
    throw refusal(path, reason, cause);
  }
}

function parse(bytes: Buffer): FloatTensors {
  if (bytes.length < LENGTH_BYTES) throw new Error('it is too short');
  const headerBytes = bytes.readBigUInt64LE();
  if (headerBytes > bytes.length - LENGTH_BYTES) throw new Error('its header is cut off');
  const dataFrom = LENGTH_BYTES + Number(headerBytes);
  const { __metadata__: notes = {}, ...entries } = header.parse(
    JSON.parse(bytes.toString('utf8', LENGTH_BYTES, dataFrom)),
  );
  const data = bytes.subarray(dataFrom);
  const tensors = Object.entries(entries).map(([name, tensor]) => [name, readTensor(name, tensor, data)] as const);
  return { tensors: new Map(tensors), notes };
}

function readTensor(name: string, { dtype, shape, data_offsets }: z.infer<typeof entry>, data: Buffer): FloatTensor {
  if (!Object.hasOwn(READ_FLOATS, dtype))
    throw new Error(`${name} has the type ${dtype}, where F32, F16 or BF16 is read`);
  const { bytes, read } = READ_FLOATS[dtype as FloatType];
  const count = shape.reduce((product, length) => product * length, 1);
  const [from, to] = data_offsets;
  if (to > data.length || to - from !== count * bytes) {
    throw new Error(`${name} has ${to - from} bytes of ${data.length}, where its shape needs ${count * bytes}`);
  }
  return { shape, values: Float32Array.from({ length: count }, (_, i) => read(data, from + i * bytes)) };
}

async function readSmall(path: string): Promise<Buffer> {
  try {
    const { size: fileBytes } = await stat(path);
    if (fileBytes <= MOST_BYTES) return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw refusal(path, code === 'ENOENT' ? 'there is no such file' : message, cause);
  }
  throw refusal(path, `it has more than ${MOST_BYTES} bytes`);
}

function refusal(path: string, reason: string, cause?: unknown): ModelFileError {
  return new ModelFileError(
    'bad-safetensors',
    `The safetensors file ${path} can't be used (${reason}): give the file that the training wrote.`,
    { cause },
  );
}
