import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { assertRefused, type CliOptions, filesBelow, makePlace, type Place } from './support.ts';

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly says: RegExp;
  /** Default: 2, wrong usage. */
  readonly code?: number;
  readonly options?: CliOptions;
}

const LONG = 'hello '.repeat(600);

const TOO_MUCH: readonly (readonly [flag: string, value: string, most: number, told?: string])[] = [
  ['--threads', '99999999999999', 512],
  ['--context', '2147483648', 2147483647],
  ['--gpu-layers', '99999999999999', 2147483647],
  ['--top-k', '99999999999999', 2147483647],
  ['--window', '99999999999999999999', Number.MAX_SAFE_INTEGER, '100000000000000000000'],
  ['--max-draft', '9007199254740992', Number.MAX_SAFE_INTEGER],
];

const CASES: readonly Case[] = [
  {
    name: 'gamma of 0',
    args: ['run', '--gamma', '0', 'hi'],
    says: /--gamma must be a number above 0 and at most 1, not 0\.$/,
  },
  { name: 'gamma above 1', args: ['run', '--gamma', '1.01', 'hi'], says: /--gamma .* not 1\.01\.$/ },
  { name: 'gamma below 0', args: ['run', '--gamma', '-0.5', 'hi'], says: /--gamma .* not -0\.5\.$/ },
  { name: 'gamma in words', args: ['run', '--gamma', 'high', 'hi'], says: /--gamma .* not "high"\.$/ },
  {
    name: 'a port above all',
    args: ['serve', '--port', '70000'],
    says: /--port must be .* at most 65535, not 70000/,
  },
  {
    name: 'window of 0',
    args: ['run', '--window', '0', 'hi'],
    says: /--window must be a whole number of at least 1, not 0/,
  },
  { name: 'window of 2.5', args: ['run', '--window', '2.5', 'hi'], says: /--window .* not 2\.5\.$/ },
  { name: 'max-draft below 0', args: ['run', '--max-draft', '-1', 'hi'], says: /--max-draft .* at least 0, not -1\.$/ },
  { name: 'max-tokens of 1.5', args: ['run', '--max-tokens', '1.5', 'hi'], says: /--max-tokens .* not 1\.5\.$/ },
  { name: 'temperature below 0', args: ['run', '--temperature', '-1', 'hi'], says: /--temperature/ },
  { name: 'top-p of 0', args: ['run', '--top-p', '0', 'hi'], says: /--top-p/ },
  { name: 'top-k of 1.5', args: ['run', '--top-k', '1.5', 'hi'], says: /--top-k/ },
  { name: 'min-p of 2', args: ['run', '--min-p', '2', 'hi'], says: /--min-p/ },
  { name: 'seed below 0', args: ['run', '--seed', '-3', 'hi'], says: /--seed/ },
  {
    name: 'no threads',
    args: ['run', '--threads', '0', 'hi'],
    says: /--threads must be a whole number of at least 1, not 0: give one, or leave the option out\.$/,
  },
  {
    name: 'threads in words',
    args: ['run', '--threads', 'all', 'hi'],
    says: /--threads must be .*, not "all": give one/,
  },
  ...TOO_MUCH.map(([flag, value, most, told = value]) => ({
    name: `too much for ${flag}`,
    args: ['run', flag, value, 'hi'],
    says: new RegExp(`${flag} must be a whole number of at most ${most}, not ${told}(\\.|: give one, or .*\\.)$`),
  })),
  { name: 'a folder in the place of a model', args: ['run', '--base', '/tmp', 'hi'], says: /\/tmp is a folder/ },
  { name: 'a context of words', args: ['run', '--context', 'big', 'hi'], says: /--context/ },
  { name: 'a context beyond the model', args: ['run', '--context', '4096', 'hi'], says: /--context 4096 .* 512/ },
  {
    name: 'an unknown strategy',
    args: ['run', '--strategy', 'both', 'hi'],
    says: /there is no strategy "both"; there are wsd, base, draft, urial/,
  },
  { name: 'an unknown backend', args: ['run', '--backend', 'abacus', 'hi'], says: /--backend must be one of/ },
  { name: 'an unknown option', args: ['run', '--gama', '1', 'hi'], says: /--gama.*did you mean --gamma/ },
  { name: 'an option without its value', args: ['run', '--gamma'], says: /--gamma.*missing/ },
  { name: 'an unknown command', args: ['rnu', 'hi'], says: /'rnu' \(did you mean run\?\)/ },
  { name: 'an empty prompt', args: ['run', ''], says: /prompt is empty/ },
  { name: 'a prompt of blanks on stdin', args: ['run'], says: /prompt is empty/, options: { input: ' \n\n' } },
  { name: 'an empty stop text', args: ['run', '--stop', '', 'hi'], says: /--stop/ },
  {
    name: 'invalid UTF-8 on stdin',
    args: ['run'],
    says: /stdin is not valid UTF-8/,
    options: { input: Buffer.from([0x68, 0xff, 0xfe]) },
  },
  {
    name: 'a prompt longer than the context',
    args: ['run', LONG],
    says: /The prompt has \d+ tokens .* holds 512: shorten it/,
    code: 1,
  },
  {
    name: 'a response that would overflow',
    args: ['run', '--max-tokens', '1000', 'hi'],
    says: /--max-tokens 1000 can't fit: .* 512 .* --context/,
    code: 1,
  },
  {
    name: 'a draft that would overflow',
    args: ['run', '--max-draft', '600', 'hi'],
    says: /--max-draft 600 can't fit/,
    code: 1,
  },
  {
    name: 'a number in the environment',
    args: ['run', 'hi'],
    says: /WELLBEGUN_WINDOW: --window .* not "six"/,
    options: { env: { WELLBEGUN_WINDOW: 'six' } },
  },
  {
    name: 'an unknown model',
    args: ['run', '--base', 'gema-3-270m', 'hi'],
    says: /no model "gema-3-270m" \(did you mean gemma-3-270m\?\)/,
  },
  { name: 'an unknown model to pull', args: ['pull', 'smolm2'], says: /no model "smolm2"/ },
  {
    name: 'a prompt and a conversation',
    args: ['run', '--messages', 'messages.json', 'hi'],
    says: /--messages can't be given together/,
  },
  {
    name: 'a trace in a folder that is not there',
    args: ['run', '--trace', 'nowhere/trace.json', 'hi'],
    says: /--trace: nowhere\/trace\.json can't be written/,
  },
  { name: 'a trace that is a folder', args: ['run', '--trace', '/tmp', 'hi'], says: /--trace: \/tmp is a folder/ },
  {
    name: 'a trace that is named like a folder',
    args: ['run', '--trace', 'nowhere/', 'hi'],
    says: /--trace: nowhere\/ is a folder: name a file in it\.$/,
  },
  {
    name: 'an empty name in the environment',
    args: ['run', 'hi'],
    says: /^wellbegun: WELLBEGUN_TEMPLATE: --template can't be empty: name a form\.$/,
    options: { env: { WELLBEGUN_TEMPLATE: '' } },
  },
  {
    name: 'an input of no name',
    args: ['batch', '', '-o', 'out.jsonl'],
    says: /The input can't be empty: name a file/,
  },
  {
    name: 'a template that is not there',
    args: ['run', '--template', 'no.jinja', 'hi'],
    says: /--template: no\.jinja can't be read \(there is no such file\): name another file\.$/,
  },
  {
    name: 'a template that is a folder',
    args: ['run', '--template', '/tmp', 'hi'],
    says: /--template: \/tmp can't be read \(it is a folder\): name another file\.$/,
  },
  {
    name: 'a comparison by a strategy of its own',
    args: ['run', '--compare', '--strategy', 'urial', 'hi'],
    says: /--compare runs base, draft, wsd: leave out --strategy, or compare .* evaluate/,
  },
  {
    name: 'a criterion of a module that is not there',
    args: ['run', '--criterion-module', 'no.mjs', 'hi'],
    says: /--criterion-module: no\.mjs can't be run \(Cannot find module '[^']*no\.mjs'\): mend it, or name another file\.$/,
  },
];

const LOCAL_ONLY: readonly (readonly [flag: string, value: string])[] = [
  ['--tokenizer', '/no/such'],
  ['--server-timeout', '5'],
  ['--base-key-env', 'SOME_KEY'],
];

/** Options that name a file, each the last of its command. */
const UNNAMED: readonly (readonly string[])[] = [
  ['run', 'hi', '--trace'],
  ['run', '--messages'],
  ['run', 'hi', '--template'],
  ['run', 'hi', '--draft-template'],
  ['run', 'hi', '--urial-examples'],
  ['run', 'hi', '--criterion-module'],
  ['batch', 'in.jsonl', '--output'],
  ['evaluate', 'in.jsonl', '--output'],
  ['calibrate', '--prompts', 'in.jsonl', '--record'],
];

const CONFIGS: readonly { readonly text: string; readonly says: RegExp }[] = [
  { text: '{', says: /config file .*c\.json is not JSON/ },
  { text: '[]', says: /must hold one object/ },
  { text: '{"gama": 0.5}', says: /unknown key "gama" \(did you mean "gamma"\?\)/ },
  { text: '{"gamma": "high"}', says: /wrong at "gamma"/ },
  { text: '{"gamma": 7}', says: /: gamma must be .* not 7\.$/ },
  { text: '{"stop": [""]}', says: /: stop must be .* not ""\.$/ },
  { text: '{"serverTimeout": 0}', says: /: serverTimeout must be a whole number of at least 1, not 0\.$/ },
  { text: '{"system": 5}', says: /is wrong at "system": it must be a text\.$/ },
  { text: '{"strategy": "both"}', says: /there is no strategy "both"/ },
];

const CONVERSATIONS: readonly { readonly text: string | Uint8Array; readonly says: RegExp }[] = [
  { text: 'hello', says: /messages\.json is not JSON/ },
  { text: '{"a": 1}', says: /--messages: messages\.json must be a list of .*, not \{"a":1\}\.$/ },
  { text: '[]', says: /--messages: messages\.json is an empty list: give at least one/ },
  {
    text: '[{"role": "user", "content": "hi"}, {"role": "robot", "content": "hi"}]',
    says: /messages\.json is wrong at message 2: its "role" must be "system", "user" or "assistant", not "robot"\.$/,
  },
  {
    text: '[{"role": "user"}]',
    says: /messages\.json is wrong at message 1: its "content" must be a text, and there is none\.$/,
  },
  { text: '[{"role": "user", "content": "hi"}, {"role": "system", "content": "be kind"}]', says: /last of --messages/ },
  {
    text: '[{"role": "user", "content": " "}]',
    says: /The last message from the user is empty: say in it what to answer\.$/,
  },
  { text: Buffer.from('[{"role": "user", "content": "\xff"}]', 'latin1'), says: /messages\.json is not valid UTF-8/ },
];

suite('a wrong command line', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  for (const { name, args, says, code = 2, options } of CASES) {
    test(name, async () => {
      const cwd = await place.newFolder();
      assertRefused(await place.run(args, { ...options, cwd }), { code, says });
      assert.deepEqual(await filesBelow(cwd), []);
    });
  }

  for (const [flag, value] of LOCAL_ONLY) {
    test(`${flag} without a server`, async () => {
      const says = new RegExp(`${flag} is for a model on a server, and there is none: leave it out\\.$`);
      assertRefused(await place.run(['run', flag, value, 'hi']), { code: 2, says });
    });
  }

  for (const args of UNNAMED) {
    const option = args.at(-1)!;
    test(`${args.join(' ')} without a name`, async () => {
      const cwd = await place.newFolder();
      const says = new RegExp(`^wellbegun: ${option} can't be empty: name a (file|folder|form)\\.$`);
      assertRefused(await place.run([...args, ''], { cwd }), { code: 2, says });
      assert.deepEqual(await filesBelow(cwd), []);
    });
  }

  for (const { text, says } of CONFIGS) {
    test(`the config file ${text}`, async () => {
      const path = join(await place.newFolder(), 'c.json');
      await writeFile(path, text);
      assertRefused(await place.run(['run', 'hi'], { env: { WELLBEGUN_CONFIG: path } }), { code: 2, says });
    });
  }

  test('a config file that is not there, or wrong, stops neither the help nor the doctor', async () => {
    const env = { WELLBEGUN_CONFIG: '/no/such.json' };
    assertRefused(await place.run(['run', 'hi'], { env }), { code: 2, says: /\/no\/such\.json doesn't exist/ });
    assert.match((await place.run(['--help'], { env })).stdout, /Usage: wellbegun/);
    const doctor = await place.run(['doctor'], { env });
    assert.match(doctor.stdout, /config +BAD .*such\.json/);
    assert.equal(doctor.code, 1);
  });

  test('a wrong value in the environment does not hide the help', async () => {
    const env = { WELLBEGUN_GAMMA: '2' };
    assertRefused(await place.run(['run', 'hi'], { env }), { code: 2, says: /^wellbegun: WELLBEGUN_GAMMA: --gamma / });
    for (const args of [
      ['run', '--help'],
      ['chat', '-h'],
      ['run', 'hi', '--window', '3', '--help'],
      ['run', '--help-all'],
    ]) {
      const { stdout, stderr, code } = await place.run(args, { env });
      assert.match(stdout, /^Usage: wellbegun (run|chat) [^]*--gamma/);
      assert.deepEqual([stderr, code], ['', 0]);
    }
  });

  for (const { text, says } of CONVERSATIONS) {
    test(`the conversation ${text.toString().slice(0, 60)}`, async () => {
      const cwd = await place.newFolder();
      await writeFile(join(cwd, 'messages.json'), text);
      assertRefused(await place.run(['run', '--messages', 'messages.json'], { cwd }), { code: 2, says });
    });
  }

  test('invalid UTF-8 in a talk on stdin', async () => {
    const { code, stdout, stderr } = await place.run(['chat'], { input: Buffer.from([0x68, 0xff, 0x0a]) });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^wellbegun: stdin is not valid UTF-8: convert it, for instance with iconv\.$/m);
  });

  test('a stack only with --debug', async () => {
    const { stderr, code } = await place.run(['run', '--debug', '--gamma', '7', 'hi']);
    assert.match(stderr, /^wellbegun: --gamma must be .*\n[^]*\n {4}at /);
    assert.equal(code, 2);
  });

  test('no command shows the help, as wrong usage', async () => {
    const { stdout, stderr, code } = await place.run([]);
    assert.equal(stdout, '');
    assert.match(stderr, /^Usage: wellbegun/);
    assert.equal(code, 2);
  });
});
