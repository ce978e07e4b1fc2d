import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { makePlace, type Place, ROOT } from '../package/support.ts';

const execute = promisify(execFile);

/** The major versions that the package is for. */
const NODES = ['22.23.3', '24.21.0'];
const { ai } = manifest.devDependencies;
const { typescript } = manifest.devDependencies;
const types = manifest.devDependencies['@types/node'];

const PROGRAM = `
import { decode, loadPair } from 'wellbegun';

const pair = await loadPair({ base: process.env['WELLBEGUN_BASE'], draft: process.env['WELLBEGUN_DRAFT'], threads: 1 });
for await (const event of decode(pair, { prompt: 'hi' })) if (event.type === 'token') process.stdout.write(event.text);
await pair.close();
`;

const TYPED_PROGRAM = `
import { decode, type DecodeEvent, loadPair, type ModelSettings, type Pair } from 'wellbegun';
import { createWellbegun } from 'wellbegun/ai-sdk';
import { createGateway } from 'wellbegun/server';
import { scriptedModel } from 'wellbegun/testing';

const settings: ModelSettings = { threads: 1 };
const pair: Pair = await loadPair(settings);
const show = (event: DecodeEvent): void => void (event.type === 'token' && process.stdout.write(event.text));
for await (const event of decode(pair, { prompt: 'hi' })) show(event);
export const model = createWellbegun(pair)('wsd');
export { createGateway, scriptedModel };
`;

// Packages come from the registry, as a user's do.
suite('the package in an empty folder', { timeout: 900_000 }, () => {
  let folder: string;
  let tarball: string;
  let place: Place;

  before(async () => {
    [folder, place] = await Promise.all([mkdtemp(join(tmpdir(), 'wellbegun-install-')), makePlace()]);
    await execute('npm', ['run', 'build'], { cwd: ROOT });
    const packed = await execute('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: ROOT,
    });
    tarball = join(folder, (JSON.parse(packed.stdout) as [{ filename: string }])[0].filename);
  });
  after(async () => {
    await Promise.all([rm(folder, { recursive: true, force: true }), place.remove()]);
  });

  /** npm's own settings and its cache, and no other settings of ours than those of the tiny models. */
  const env = (path: string) => ({ ...process.env, ...place.env, HOME: process.env['HOME'], PATH: path });

  for (const version of NODES) {
    test(`installs, runs by npx and as a library with Node.js ${version}`, async () => {
      const app = join(folder, `node-${version}`);
      await mkdir(app);
      await writeFile(join(app, 'package.json'), '{ "private": true, "type": "module" }');
      const path = `${join(app, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
      const run = (...[command = '', ...args]: readonly string[]) =>
        execute(command, args, { cwd: app, env: env(path) });
      await run('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', `node@${version}`);
      const { stderr } = await run('npm', 'install', '--no-audit', '--no-fund', tarball);
      assert.doesNotMatch(stderr, /EBADENGINE|deprecated/);
      assert.equal((await run('node', '--version')).stdout, `v${version}\n`);
      assert.equal((await run('npx', 'wellbegun', '--version')).stdout, `${manifest.version}\n`);
      const { WELLBEGUN_BASE: base = '', WELLBEGUN_DRAFT: draft = '' } = place.env;
      const answer = await run('npx', 'wellbegun', 'run', 'hi', '--base', base, '--draft', draft);
      assert.equal(answer.stdout, `${STORY}\n`);
      await writeFile(join(app, 'program.mjs'), PROGRAM);
      assert.equal((await run('node', 'program.mjs')).stdout, STORY);
    });
  }

  test('its types hold under nodenext and bundler, without skipLibCheck', async () => {
    const app = join(folder, 'typescript');
    await mkdir(app);
    await writeFile(join(app, 'package.json'), '{ "private": true, "type": "module" }');
    const run = (...[command = '', ...args]: readonly string[]) => execute(command, args, { cwd: app });
    // The types of the AI SDK's provider name those of json-schema, and do not bring them.
    const packages = ['@types/json-schema', tarball, `typescript@${typescript}`, `@types/node@${types}`, `ai@${ai}`];
    await run('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', ...packages);
    await writeFile(join(app, 'program.ts'), TYPED_PROGRAM);
    for (const [module, moduleResolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const) {
      const options = { module, moduleResolution, target: 'es2023', strict: true, noEmit: true, types: ['node'] };
      await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['program.ts'] }));
      const { stdout } = await run('npx', 'tsc').catch((error: unknown) => error as { stdout: string });
      assert.equal(stdout, '', `${moduleResolution}: ${stdout}`);
    }
  });
});
