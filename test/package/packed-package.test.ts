import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';

import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { makePlace, type Place, ROOT } from './support.ts';

const execute = promisify(execFile);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Builds and packs the checkout, and unpacks it as an installation would, beside what it says it depends on. */
async function install(app: string): Promise<string> {
  await execute('npm', ['run', 'build'], { cwd: ROOT });
  const packed = await execute('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', app], { cwd: ROOT });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const installed = join(app, 'node_modules/wellbegun');
  await mkdir(installed, { recursive: true });
  await execute('tar', ['-xzf', join(app, filename), '-C', installed, '--strip-components=1']);
  const { dependencies, optionalDependencies } = await readManifest(installed);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const link = join(app, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), link);
  }
  return installed;
}

suite('the packed package', async () => {
  const { scripts } = await readManifest(ROOT);
  const needsBuild = scripts['build'] === undefined && 'package.json has no build script';
  let app: string;
  let installed: string;
  let manifest: Manifest;
  let place: Place;

  before(async () => {
    if (needsBuild) return;
    [app, place] = await Promise.all([mkdtemp(join(tmpdir(), 'wellbegun-app-')), makePlace()]);
    installed = await install(app);
    manifest = await readManifest(installed);
  });
  after(async () => {
    if (needsBuild) return;
    await Promise.all([rm(app, { recursive: true, force: true }), place.remove()]);
  });

  // Type stripping off: what is published is plain JavaScript.
  const node = async (...args: string[]) =>
    await execute(process.execPath, ['--no-experimental-strip-types', ...args], { cwd: app, env: { ...place.env } });

  test('every entry point can be imported', { skip: needsBuild }, async () => {
    const entries = Object.keys(manifest.exports).filter((entry) => !/[*]|\.json$/.test(entry));
    assert.ok(entries.includes('.'));
    for (const entry of entries) {
      const name = manifest.name + entry.slice(1);
      const { stdout } = await node(
        '-p',
        `import(${JSON.stringify(name)}).then((all) => console.log(Object.keys(all).length)), ''`,
      );
      assert.ok(Number(stdout) > 0, `${name} exports nothing`);
    }
  });

  test('nothing that only tests need is in it', { skip: needsBuild }, async () => {
    const files = await readdir(join(installed, 'dist'), { recursive: true, withFileTypes: true });
    const scripts = files.filter((file) => file.isFile() && file.name.endsWith('.js'));
    assert.ok(scripts.length > 100);
    for (const { parentPath, name } of scripts) {
      const text = await readFile(join(parentPath, name), 'utf8');
      assert.doesNotMatch(text, /from 'node:test'|\/test\/fixtures\//, join(parentPath, name));
    }
  });

  test('its library answers', { skip: needsBuild }, async () => {
    const program = `
      import { decode, loadPair } from 'wellbegun';
      const pair = await loadPair({ base: process.env.WELLBEGUN_BASE, draft: process.env.WELLBEGUN_DRAFT, threads: 1 });
      for await (const event of decode(pair, { prompt: 'hi' })) if (event.type === 'token') process.stdout.write(event.text);
      await pair.close();`;
    assert.equal((await node('--input-type=module', '-e', program)).stdout, STORY);
  });

  test('its command runs', { skip: needsBuild }, async () => {
    const [command] = Object.values(manifest.bin);
    const bin = join(installed, command!);
    assert.match(await readFile(bin, 'utf8'), /^#!\/usr\/bin\/env node\n/);
    assert.equal((await node(bin, '--version')).stdout, `${manifest.version}\n`);
    assert.equal((await node(bin, 'run', 'hi')).stdout, `${STORY}\n`);
    assert.match((await node(bin, 'doctor')).stdout, /^llama\.cpp +ok/m);
  });

  test('it holds its licence and schemas, and no tests', { skip: needsBuild }, async () => {
    const { stdout } = await execute('find', [installed, '-type', 'f']);
    const files = stdout
      .trim()
      .split('\n')
      .map((path) => path.slice(installed.length + 1));
    for (const file of [
      'LICENSE',
      'package.json',
      'schemas/run-result.schema.json',
      'schemas/batch-result.schema.json',
      'dist/index.d.ts',
    ]) {
      assert.ok(files.includes(file), `${file} is missing`);
    }
    assert.deepEqual(
      files.filter((file) => /\.test\.|^test\/|^bench\/|\.gguf$/.test(file)),
      [],
    );
  });
});
