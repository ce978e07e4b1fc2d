import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { type WrittenTensor, type WrittenValue, u32 } from '../../../test/fixtures/tiny-gguf/gguf-content.ts';
import { encodeGguf } from '../../../test/fixtures/tiny-gguf/write-gguf.ts';
import { locateGguf } from '../../../test/fuzz/locate-gguf.ts';
import { MUTATION_KINDS, mutateGguf } from '../../../test/fuzz/mutate-gguf.ts';
import { ModelFileError } from '../../core/errors.ts';
import { readGgufHeader } from './read-gguf-header.ts';

const METADATA: Record<string, WrittenValue> = {
  'a.string': { type: 'string', value: 'ß🙂' },
  'a.bool': { type: 'bool', value: true },
  'a.u64': { type: 'u64', value: 2 ** 53 },
  'b.i64': { type: 'i64', value: -5 },
  'strings.of': { type: 'array', itemType: 'string', items: ['', 'é', 'x'] },
  'floats.of': { type: 'array', itemType: 'f32', items: [0.5, -1] },
};
const TENSORS: Record<string, WrittenTensor> = {
  'first!': { dimensions: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  second: { dimensions: [2], values: Float32Array.of(7, 8) },
};
const GOOD = encodeGguf({ metadata: METADATA, tensors: TENSORS });
const { pairs, tensors, headerEnd } = locateGguf(GOOD);

function edited(edit: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(GOOD);
  edit(bytes);
  return bytes;
}

const pairOf = (key: string): (typeof pairs)[number] => pairs.find((pair) => pair.key === key)!;
const HUGE = 2n ** 60n;

/** A bad file, the code and the clause of its refusal. */
const REFUSALS: Record<string, readonly [Buffer, string, RegExp]> = {
  'an empty file': [Buffer.alloc(0), 'truncated-gguf', /empty/],
  'a short file': [Buffer.from('GG'), 'not-gguf', /not a GGUF file/],
  'another magic': [edited((bytes) => bytes.write('GGML')), 'not-gguf', /not a GGUF file/],
  'a file that ends in the counts': [GOOD.subarray(0, 14), 'truncated-gguf', /number of tensors/],
  'version 1': [edited((bytes) => bytes.writeUInt32LE(1, 4)), 'unsupported-gguf', /version 1/],
  'version 4': [edited((bytes) => bytes.writeUInt32LE(4, 4)), 'unsupported-gguf', /version 4/],
  'a big-endian file': [edited((bytes) => bytes.writeUInt32BE(3, 4)), 'unsupported-gguf', /big-endian/],
  'too many tensors': [edited((bytes) => bytes.writeBigUInt64LE(HUGE, 8)), 'damaged-gguf', /number of tensors/],
  'too many pairs': [edited((bytes) => bytes.writeBigUInt64LE(HUGE, 16)), 'damaged-gguf', /number of metadata/],
  'a long key': [edited((bytes) => bytes.writeBigUInt64LE(HUGE, 24)), 'damaged-gguf', /length of a metadata key/],
  'an empty key': [edited((bytes) => bytes.writeBigUInt64LE(0n, 24)), 'damaged-gguf', /key is empty/],
  'a key that is not text': [edited((bytes) => bytes.writeUInt8(0, 32)), 'damaged-gguf', /not text/],
  'a key twice': [
    edited((bytes) => bytes.write('a.u64', pairOf('b.i64').keyAt + 8)),
    'damaged-gguf',
    /key a.u64 occurs twice/,
  ],
  'an unknown value type': [
    edited((bytes) => bytes.writeUInt32LE(13, pairOf('a.bool').typeAt)),
    'damaged-gguf',
    /unknown type 13/,
  ],
  'an array of arrays': [
    edited((bytes) => bytes.writeUInt32LE(9, pairOf('floats.of').valueAt)),
    'damaged-gguf',
    /array of arrays/,
  ],
  'a long string': [
    edited((bytes) => bytes.writeBigUInt64LE(HUGE, pairOf('a.string').valueAt)),
    'damaged-gguf',
    /length of the metadata value a.string/,
  ],
  'a long array': [
    edited((bytes) => bytes.writeBigUInt64LE(HUGE, pairOf('floats.of').valueAt + 4)),
    'damaged-gguf',
    /length of the metadata value floats.of/,
  ],
  'a long array of strings': [
    edited((bytes) => bytes.writeBigUInt64LE(HUGE, pairOf('strings.of').valueAt + 4)),
    'damaged-gguf',
    /length of the metadata value strings.of/,
  ],
  'a long string in an array': [
    edited((bytes) => bytes.writeBigUInt64LE(HUGE, pairOf('strings.of').valueAt + 12)),
    'damaged-gguf',
    /length of a string/,
  ],
  'an alignment of 48': [
    encodeGguf({ metadata: { 'general.alignment': u32(48) }, tensors: TENSORS }),
    'damaged-gguf',
    /power of two/,
  ],
  'a long tensor name': [
    edited((bytes) => bytes.writeBigUInt64LE(64n, tensors[0]!.nameAt)),
    'damaged-gguf',
    /at most 63/,
  ],
  'a tensor twice': [
    edited((bytes) => bytes.write('first!', tensors[1]!.nameAt + 8)),
    'damaged-gguf',
    /tensor first! occurs twice/,
  ],
  'no dimensions': [edited((bytes) => bytes.writeUInt32LE(0, tensors[0]!.rankAt)), 'damaged-gguf', /0 dimensions/],
  'five dimensions': [edited((bytes) => bytes.writeUInt32LE(5, tensors[0]!.rankAt)), 'damaged-gguf', /5 dimensions/],
  'an empty dimension': [
    edited((bytes) => bytes.writeBigUInt64LE(0n, tensors[0]!.dimensionsAt)),
    'damaged-gguf',
    /empty dimension/,
  ],
  'dimensions whose product is too large': [
    edited((bytes) => bytes.writeBigUInt64LE(2n ** 52n, tensors[0]!.dimensionsAt)),
    'damaged-gguf',
    /too large/,
  ],
  'a type that ggml removed': [
    edited((bytes) => bytes.writeUInt32LE(4, tensors[0]!.typeAt)),
    'unsupported-gguf',
    /type 4/,
  ],
  'a row that is no whole blocks': [
    edited((bytes) => bytes.writeUInt32LE(8, tensors[0]!.typeAt)),
    'damaged-gguf',
    /multiple of the 32 of Q8_0/,
  ],
  'a hole between tensors': [
    edited((bytes) => bytes.writeBigUInt64LE(64n, tensors[1]!.offsetAt)),
    'damaged-gguf',
    /begins at byte 64 of the data instead of 32/,
  ],
  'data that end early': [GOOD.subarray(0, Math.ceil(headerEnd / 32) * 32 + 39), 'truncated-gguf', /ends at 40/],
  'no data at all': [GOOD.subarray(0, headerEnd), 'truncated-gguf', /where the tensor/],
};

suite('readGgufHeader', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wellbegun-gguf-'));
  });
  after(() => rm(directory, { recursive: true }));

  async function read(bytes: Buffer): ReturnType<typeof readGgufHeader> {
    const path = join(directory, 'model.gguf');
    await writeFile(path, bytes);
    return readGgufHeader(path);
  }

  test('reads values of every kind, and where the tensors lie', async () => {
    const header = await read(GOOD);
    const value = (key: string): unknown => {
      const found = header.metadata.get(key)!;
      return found.type === 'array' ? [0, 1, 2].map((index) => found.at(index)) : found.value;
    };
    assert.equal(value('a.string'), 'ß🙂');
    assert.equal(value('a.bool'), true);
    assert.equal(value('a.u64'), 2n ** 53n);
    assert.equal(value('b.i64'), -5n);
    assert.deepEqual(value('strings.of'), ['', 'é', 'x']);
    assert.deepEqual(value('floats.of'), [0.5, -1, undefined]);
    assert.deepEqual(header.tensors, [
      { name: 'first!', dimensions: [3, 2], type: 0, offset: 0, byteLength: 24 },
      { name: 'second', dimensions: [2], type: 0, offset: 32, byteLength: 8 },
    ]);
    assert.equal(GOOD.readFloatLE(header.dataOffset + 32), 7);
  });

  test('reads more than one buffer of metadata', async () => {
    const items = Array.from({ length: 200_000 }, (_, index) => `token ${index}`);
    const tokens: WrittenValue = { type: 'array', itemType: 'string', items };
    const found = (await read(encodeGguf({ metadata: { tokens }, tensors: TENSORS }))).metadata.get('tokens');
    assert.ok(found?.type === 'array');
    assert.equal(found.length, 200_000);
    assert.equal(found.at(199_999), 'token 199999');
  });

  for (const [name, [bytes, code, message]] of Object.entries(REFUSALS)) {
    test(`refuses ${name}`, async () => {
      await assert.rejects(read(bytes), { name: 'ModelFileError', code, message });
    });
  }

  test('refuses what is no readable file', async () => {
    await assert.rejects(readGgufHeader(join(directory, 'none.gguf')), {
      code: 'missing-file',
      message: /doesn't exist/,
    });
    await assert.rejects(readGgufHeader(directory), { code: 'not-gguf', message: /folder/ });
    await assert.rejects(readGgufHeader('/dev/zero'), { code: 'not-gguf', message: /regular file/ });
    const locked = join(directory, 'locked.gguf');
    await writeFile(locked, GOOD);
    await chmod(locked, 0);
    if (process.getuid?.() !== 0)
      await assert.rejects(readGgufHeader(locked), { code: 'missing-file', message: /EACCES/ });
  });

  test('answers every damage with a header or a ModelFileError', async () => {
    for (let seed = 0; seed < 40 * MUTATION_KINDS.length; seed++) {
      const { bytes, kind } = mutateGguf(GOOD, seed);
      try {
        await read(bytes);
      } catch (error) {
        assert.ok(error instanceof ModelFileError, `${kind}, seed ${seed}: ${String(error)}`);
      }
    }
  });
});
