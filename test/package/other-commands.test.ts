import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { z } from 'zod';

import { catalogue } from '../../src/models/catalogue.ts';
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { assertRefused, makePlace, type Place, ROOT } from './support.ts';

const models = z.object({
  models: z.array(z.object({ reference: z.string(), sizeBytes: z.number(), path: z.string().optional() })),
  recommendedPairs: z.array(z.object({ base: z.string(), draft: z.string(), runHere: z.boolean() })),
});
const findings = z.array(
  z.strictObject({ what: z.string(), state: z.enum(['ok', 'note', 'bad']), text: z.string().min(1) }),
);

suite('the other commands', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  test('--version and --help', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    assert.equal((await place.run(['--version'])).stdout, `${version}\n`);
    const help = await place.run(['--help']);
    for (const command of ['run', 'chat', 'pull', 'models', 'doctor']) {
      assert.match(help.stdout, new RegExp(`^  ${command}\\b`, 'm'));
      assert.equal((await place.run([command, '--help'])).code, 0);
    }
    assert.equal(help.stderr, '');
  });

  test('--help shows the options that matter first, --help-all every one with its name in the environment', async () => {
    const [short, all] = await Promise.all(['--help', '--help-all'].map((flag) => place.run(['run', flag])));
    assert.deepEqual([short!.code, all!.code], [0, 0]);
    const shared = /^(?:Models|Decoding|Sampling):$[^]*(?=^Global)/m.exec(short!.stdout)![0];
    assert.equal(shared.match(/^ {2}--/gm)!.length, 10);
    assert.match(short!.stdout, /\n--help-all shows all options, with their names in the environment\.\n$/);
    for (const hidden of [/--gpu-layers/, /WELLBEGUN_GAMMA/, /recheck/]) {
      assert.doesNotMatch(short!.stdout, hidden);
      assert.match(all!.stdout, hidden);
    }
    assert.match((await place.run(['models', '--help'])).stdout, /^(?![^]*--help-all)/);
  });

  test('help of a command that is none is wrong usage', async () => {
    assert.equal((await place.run(['help', 'run'])).code, 0);
    assert.equal((await place.run(['help', 'nosuch'])).code, 2);
  });

  test('models lists the catalogue, and what else is in the cache', async () => {
    const WELLBEGUN_CACHE = await place.newFolder();
    await mkdir(join(WELLBEGUN_CACHE, 'models/hf/o/r/main'), { recursive: true });
    await writeFile(join(WELLBEGUN_CACHE, 'models/hf/o/r/main/x.gguf'), 'x');
    const env = { WELLBEGUN_CACHE };
    const listed = models.parse(JSON.parse((await place.run(['models', '--json'], { env })).stdout));
    const references = listed.models.map(({ reference }) => reference);
    assert.deepEqual(references, [...catalogue.models.map(({ name }) => name), 'hf:o/r/x.gguf']);
    const { stdout } = await place.run(['models'], { env });
    for (const { name, licence } of catalogue.models) {
      assert.match(stdout, new RegExp(`${name} [^]*${licence.name}[^]*not here yet: wellbegun pull ${name}`));
    }
    assert.match(stdout, /hf:o\/r\/x\.gguf +1 bytes/);
  });

  test('doctor examines the machine, and never shows the token', async () => {
    const env = { HF_TOKEN: 'hf_averysecrettoken' };
    const { stdout, stderr, code } = await place.run(['doctor', '--json'], { env });
    const found = findings.parse(JSON.parse(stdout));
    assert.deepEqual(
      found.map(({ what }) => what),
      [
        'machine',
        'node',
        'threads',
        'llama.cpp',
        'backends',
        'gpu',
        'simd',
        'cache',
        'models',
        'pip',
        'sandbox',
        'hub token',
        'config',
      ],
    );
    assert.ok(!`${stdout}${stderr}`.includes(env.HF_TOKEN));
    assert.match(found.find(({ what }) => what === 'models')!.text, /will be pulled on first use \(351 MB\)/);
    assert.ok(found.every(({ state }) => state !== 'bad'));
    assert.equal(code, 0);
    assert.match((await place.run(['doctor'])).stdout, /^llama\.cpp +ok +.*struct layouts verified$/m);
  });

  test('pull prints the path of a model that is here', async () => {
    const { stdout, stderr, code } = await place.run(['pull', place.models.mamba]);
    assert.deepEqual([stdout, stderr, code], [`${place.models.mamba}\n`, '', 0]);
    const both = await place.run(['pull']);
    assert.equal(both.stdout, `${place.models.sentencepiece}\n${place.models['byte-bpe']}\n`);
  });

  test('pull knows all names before it pulls the first', async () => {
    const result = await place.run(['pull', place.models.mamba, 'nosuch']);
    assertRefused(result, { code: 2, says: /no model "nosuch"/ });
  });

  test('chat answers each line of a pipe, and knows its own commands', async () => {
    const { stdout, stderr, code } = await place.run(['chat'], {
      input: 'hi\n/who\n\nand?\n/reset\nagain\n/exit\nmore\n',
    });
    assert.equal(stdout, `${STORY}\n`.repeat(3));
    assert.match(stderr, /There is no command \/who/);
    assert.equal(code, 0);
  });

  test('chat changes its settings, takes back what was said, and keeps it in files', async () => {
    const file = join(place.folder, 'talk.json');
    const input = [
      '/system Be brief.',
      'one',
      '/set max-response-tokens 3',
      'two',
      '/set gamma 2',
      '/set speed 2',
      '/undo',
      '/strategy best-of-n',
      '/strategy base',
      '/retry',
      `/save ${file}`,
      `/save ${file}`,
      '/reset',
      `/load ${file}`,
      '/load nowhere.json',
      '/help',
    ];
    const { stdout, stderr, code } = await place.run(['chat'], { input: `${input.join('\n')}\n` });
    const [first, second, again, ...others] = stdout.trimEnd().split(/(?<=\n)(?=\S)/u);
    assert.deepEqual(others, []);
    assert.equal(first, `${STORY}\n`);
    assert.ok(second!.length < STORY.length && again!.length < STORY.length);
    for (const told of [
      /gamma must be .*at most 1, not 2/,
      /\/set takes a name/,
      /best-of-n needs a reward/,
      /base answers from now on/,
      /begins anew/,
      /goes on here, with 3 messages/,
      /wellbegun: \/load: nowhere\.json can't be read/,
      /\/retry +answers the last question again/,
    ])
      assert.match(stderr, told);
    assert.equal(code, 0);
    const messages = JSON.parse(await readFile(file, 'utf8')) as { role: string; content: string }[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['system', 'user', 'assistant'],
    );
    assert.deepEqual([messages[0]?.content, messages[1]?.content], ['Be brief.', 'one']);
    const refused = await place.run(['chat'], { input: `/save ${file}\n` });
    assert.match(refused.stderr, /is there already: name another file/);
  });

  test('chat goes on after a turn that fails, and says so in the end', async () => {
    const long = 'hello '.repeat(600);
    const { stdout, stderr, code } = await place.run(['chat'], { input: `${long}\nhi\n${long}\n` });
    assert.equal(stdout, `${STORY}\n`);
    const [first, second] = stderr.split('wellbegun: The prompt has ').slice(1);
    assert.match(first!, /^\d+ tokens .*: shorten it/);
    assert.doesNotMatch(first!, /\/reset/, 'there is nothing to forget yet');
    assert.match(second!, /^\d+ tokens.*\nThe conversation has grown too long: \/reset begins anew/);
    assert.equal(code, 1);
  });
});
