import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { encodeSafetensors, floats } from '../../../test/fixtures/tiny-gguf/encode-safetensors.ts';
import { readRewardHead } from './read-reward-head.ts';
import { readSafetensors } from './read-safetensors.ts';

let directory: string;
before(async () => void (directory = await mkdtemp(join(tmpdir(), 'wellbegun-safetensors-'))));
after(() => rm(directory, { recursive: true }));

let files = 0;
async function write(bytes: Buffer): Promise<string> {
  const path = join(directory, `${files++}.safetensors`);
  await writeFile(path, bytes);
  return path;
}

const halves = (dtype: string, ...bits: number[]) => ({
  dtype,
  shape: [bits.length],
  bytes: Buffer.from(Uint16Array.from(bits).buffer),
});

suite('a safetensors file', () => {
  test('gives its floats, shapes and notes', async () => {
    const matrix = Float32Array.of(1, -2.5, 3, 4, 5, 6e-20);
    const path = await write(
      encodeSafetensors({ a: floats([2, 3], matrix), b: floats([], Float32Array.of(7)) }, { k: 'v' }),
    );
    const { tensors, notes } = await readSafetensors(path);
    assert.deepEqual(tensors.get('a'), { shape: [2, 3], values: matrix });
    assert.deepEqual(tensors.get('b'), { shape: [], values: Float32Array.of(7) });
    assert.deepEqual({ ...notes }, { k: 'v' });
  });

  test('may hold 16-bit floats of both kinds', async () => {
    const half = halves('F16', 0x3c00, 0xc000, 0x0001, 0x8400, 0x7bff, 0x0000);
    const upper = halves('BF16', 0x3f80, 0xc000, 0x7f80);
    const { tensors } = await readSafetensors(await write(encodeSafetensors({ half, upper })));
    assert.deepEqual([...tensors.get('half')!.values], [1, -2, 2 ** -24, -(2 ** -14), 65504, 0]);
    assert.deepEqual([...tensors.get('upper')!.values], [1, -2, Infinity]);
  });

  const good = encodeSafetensors({ a: floats([4], new Float32Array(4)) });
  const withHeader = (text: string): Buffer => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
    return Buffer.concat([length, Buffer.from(text), Buffer.alloc(16)]);
  };
  const entry = (fields: object): Buffer =>
    withHeader(JSON.stringify({ a: { dtype: 'F32', shape: [4], data_offsets: [0, 16], ...fields } }));
  const REFUSED: Readonly<Record<string, readonly [Buffer, RegExp]>> = {
    'is empty': [Buffer.alloc(0), /too short/],
    'says of its header that it is longer than the file': [Buffer.alloc(64, 0xff), /its header is cut off/],
    'is cut off': [good.subarray(0, -1), /a has 16 bytes of 15/],
    'has a header that is not JSON': [withHeader('{"a"'), /JSON/],
    'has a header of another form': [withHeader('{"a": 3}'), /its header is not one of safetensors/],
    'says too much of its size': [entry({ shape: [5] }), /its shape needs 20/],
    'points outside of its data': [entry({ data_offsets: [8, 24] }), /a has 16 bytes of 16/],
    'points backwards': [entry({ data_offsets: [16, 0] }), /its shape needs 16/],
    'has a negative size': [entry({ shape: [-4] }), /its header is not one of safetensors/],
    'has sizes whose product is no number': [entry({ shape: [2 ** 52, 2 ** 52, 2 ** 52] }), /its shape needs/],
    'holds integers': [entry({ dtype: 'I64' }), /type I64/],
    'holds a type by an inherited name': [entry({ dtype: 'toString' }), /type toString/],
  };
  for (const [name, [bytes, reason]] of Object.entries(REFUSED)) {
    test(`that ${name} is refused in one sentence`, async () => {
      const path = await write(bytes);
      await assert.rejects(readSafetensors(path), { name: 'ModelFileError', code: 'bad-safetensors', message: reason });
    });
  }

  test('that is not there, a folder, or very large is refused', async () => {
    await assert.rejects(readSafetensors(join(directory, 'none')), { message: /there is no such file/ });
    await assert.rejects(readSafetensors(directory), { code: 'bad-safetensors' });
    const large = await write(good);
    await truncate(large, 2 ** 24 + 1);
    await assert.rejects(readSafetensors(large), { message: /more than 16777216 bytes/ });
  });
});

suite('a reward head', () => {
  const weight = floats([1, 3], Float32Array.of(1, 2, 3));
  const read = async (tensors: Parameters<typeof encodeSafetensors>[0], notes?: Record<string, string>) => {
    const path = await write(encodeSafetensors(tensors, notes));
    return readRewardHead(path, path);
  };

  test('is a weight, with or without a bias', async () => {
    assert.deepEqual(await read({ 'score.weight': weight }), { weight: Float32Array.of(1, 2, 3), bias: 0 });
    const both = { 'score.weight': weight, 'score.bias': floats([1], Float32Array.of(-0.5)) };
    assert.equal((await read(both)).bias, -0.5);
  });

  test('of another name, shape or value is refused', async () => {
    const refused = (tensors: Parameters<typeof encodeSafetensors>[0], message: RegExp) =>
      assert.rejects(read(tensors), { name: 'ModelFileError', code: 'bad-reward-head', message });
    await refused({ weight }, /no tensor score\.weight/);
    await refused({ 'score.weight': floats([3], new Float32Array(3)) }, /shape \[3\], not \[1, hidden size\]/);
    await refused({ 'score.weight': floats([2, 3], new Float32Array(6)) }, /shape \[2, 3\]/);
    await refused({ 'score.weight': weight, 'score.bias': floats([2], new Float32Array(2)) }, /shape \[2\], not \[1\]/);
    await refused({ 'score.weight': floats([1, 1], Float32Array.of(NaN)) }, /not numbers/);
  });

  test('that was trained on another file is refused', async () => {
    await assert.rejects(read({ 'score.weight': weight }, { gguf_bytes: '5' }), {
      message: /was trained on a GGUF file of 5 bytes, and .+ has \d+/,
    });
  });
});
