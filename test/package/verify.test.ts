import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { RunResult } from '../../src/assembly/run-result.ts';
import { assertRefused, makePlace, type Place } from './support.ts';

suite('verify', { concurrency: 2 }, () => {
  let place: Place;
  let folder: string;
  let trace: RunResult;
  before(async () => {
    place = await makePlace();
    folder = await place.newFolder();
    assert.equal((await place.run(['run', '--trace', 'trace.json', 'hi'], { cwd: folder })).code, 0);
    trace = JSON.parse(await readFile(join(folder, 'trace.json'), 'utf8')) as RunResult;
  });
  after(() => place.remove());

  const verify = (...args: string[]) => place.run(['verify', ...args], { cwd: folder });
  const write = async (name: string, ...values: readonly (object | string)[]): Promise<string> => {
    const lines = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
    await writeFile(join(folder, name), `${lines.join('\n')}\n`);
    return name;
  };
  const lie = (): RunResult => ({
    ...trace,
    tokens: trace.tokens.map((token, i) => (i === 3 ? { ...token, logprob: token.logprob! - 1 } : token)),
  });

  test('says that a trace of run is true, and ends with 0', async () => {
    const { stdout, stderr, code } = await verify('trace.json');
    assert.match(
      stdout,
      /^true {7}trace\.json: wsd, 24 tokens, 16 drafted, switch after 16; ln P is off by 0\.000 at most, 0\.000 on average\n$/,
    );
    assert.equal(code, 0, stderr);
  });

  test('says what is false, and ends with 1', async () => {
    const { stdout, code } = await verify(await write('lie.json', lie()));
    assert.match(
      stdout,
      /^false {6}lie\.json: .*\n {11}probability: Token 3 has the probability 0\.\d+, not 0\.\d+\.\n {11}switch: At token 5 /,
    );
    assert.equal(code, 1);
    const json = await verify('--json', 'lie.json');
    const { verdict, findings } = JSON.parse(json.stdout) as {
      verdict: string;
      findings: { claim: string; token: number }[];
    };
    assert.deepEqual([verdict, findings[0]!.claim, findings[0]!.token], ['false', 'probability', 3]);
    assert.equal((await verify('--tolerance', '2', 'lie.json')).code, 1, 'the values of the criterion do not fit');
  });

  test('checks lines of batch and of evaluate, and those of --compare, each for itself', async () => {
    const input = await place.folderWith([{ prompt: 'hi' }, { prompt: '' }, { prompt: 'Once' }]);
    await place.run(['batch', 'in.jsonl', '-o', 'out.jsonl', '--tokens', '--concurrency', '1'], { cwd: input });
    await place.run(
      ['evaluate', 'in.jsonl', '-o', 'ev', '--tokens', '--strategies', 'base', 'wsd', '--max-tokens', '9'],
      { cwd: input },
    );
    await place.run(['run', '--compare', '--trace', 'compare.json', '--max-tokens', '9', 'hi'], { cwd: input });
    const files = ['out.jsonl', 'ev/base.jsonl', 'ev/wsd.jsonl', 'compare.json'];
    const { stdout, code } = await place.run(['verify', ...files], { cwd: input });
    const verdicts = stdout.match(/^\w+(?= )/gm);
    const answers = ['true', 'refused', 'true'];
    assert.deepEqual(verdicts, [...answers, ...answers, ...answers, 'true', 'unchecked', 'true']);
    assert.match(stdout, /out\.jsonl line 2 is a failure/);
    assert.equal(code, 1);
  });

  test('refuses what it cannot read in its place, and goes on', async () => {
    const { version, ...old } = trace;
    const lines = [
      old,
      { ...trace, version: 99 },
      { ...trace, tokens: undefined },
      { ...trace, tokens: 'none' },
      '{"version": 1, ',
      trace,
    ];
    const { stdout, code } = await verify(await write('lines.jsonl', ...lines));
    const told = stdout.split('\n');
    assert.equal(version, 1);
    assert.match(
      told[0]!,
      /^refused {4}lines\.jsonl line 1 has no version: .* Make it again with run --json, or with --tokens\.$/,
    );
    assert.match(told[1]!, /line 2 has the version 99, and this wellbegun reads 1: /);
    assert.match(told[2]!, /line 3 has no tokens: make it again with --tokens\.$/);
    assert.match(told[3]!, /line 4 is no trace \(tokens: .*\): make one/);
    assert.match(told[4]!, /line 5 is no trace/);
    assert.match(told[5]!, /^true .*line 6: /);
    assert.equal(code, 1);
  });

  test('trace shows a response as text and as a picture, and asks which of several', async () => {
    const { stdout, code } = await place.run(['trace', 'trace.json'], { cwd: folder });
    assert.equal(code, 0);
    assert.match(stdout, /^Rain fell .*⟫.*\.\nconfidence [▁-█]{16}\nwindow {10}[▁-█]{11}\ncriterion /);
    const many = await write('many.jsonl', trace, trace);
    const refused = await place.run(['trace', many, '--svg', 'out.svg'], { cwd: folder });
    assertRefused(refused, {
      code: 2,
      says: /many\.jsonl has 2 traces, and a picture shows one: choose it with --number\.$/,
    });
    assertRefused(await place.run(['trace', many, '--number', '3'], { cwd: folder }), { code: 2, says: /from 1 to 2/ });
    assert.equal((await place.run(['trace', many, '--number', '2', '--svg', 'out.svg'], { cwd: folder })).code, 0);
    assert.match(await readFile(join(folder, 'out.svg'), 'utf8'), /^<svg .*<\/svg>\n$/s);
  });

  test('refuses a file without traces, and a base that the trace was not made with', async () => {
    const { version, ...old } = trace;
    assert.equal(version, 1);
    assertRefused(await verify(await write('old.json', old)), { code: 2, says: /old\.json has no version/ });
    assertRefused(await verify(await write('text.json', 'no JSON')), {
      code: 2,
      says: /text\.json line 1 is no trace/,
    });
    assertRefused(await verify(await write('empty.json')), { code: 2, says: /empty\.json has no trace/ });
    assertRefused(await verify('missing.json'), { code: 2, says: /missing\.json can't be read/ });
    assertRefused(await verify('--tolerance', '-1', 'trace.json'), { code: 2, says: /number of nats above 0/ });
    const other = await verify('--base', place.models['byte-bpe'], 'trace.json');
    assert.match(other.stdout, /^refused .* was made with sentencepiece \(SHA-256 .*: name that one with --base\.\n$/);
    assert.equal(other.code, 1);
    const wrap = (command: readonly string[]) => ['env', '-u', 'WELLBEGUN_BASE', ...command];
    const unnamed = await place.run(['verify', 'trace.json'], { cwd: folder, wrap });
    assertRefused(unnamed, {
      code: 2,
      says: /was made with the base .*: name the base to check it by with --base MODEL\.$/,
    });
  });
});
