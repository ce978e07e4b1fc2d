import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, suite, test } from 'node:test';
import { NO_SHARED_DATA, SHARED_DATA } from '../fixtures/shared-data.ts';
import { makeTinyRewards } from '../fixtures/tiny-gguf/make-tiny-rewards.ts';
import { assertRefused, makePlace, type Place, schemaOf } from './support.ts';

const HH = join(SHARED_DATA, 'hh_rlhf_harmless-base_test.jsonl.gz');
const HOSTILE = '<script>alert("x")</script>\u001b[2J';

suite('data import, check and mix', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  function generic(count: number): object[] {
    return Array.from({ length: count }, (_, index) => ({
      prompt: `Which number comes after ${index}?`,
      chosen: `It is ${index + 1}.`,
      rejected: `I do not know ${'at all '.repeat(20)}${index}.`,
    }));
  }

  const TOLD = ['--dimension', 'helpful', '--licence', 'MIT'];

  test('from a published file to splits', { skip: NO_SHARED_DATA }, async () => {
    const cwd = await place.newFolder();
    const run = async (args: readonly string[]) => {
      const result = await place.run(['data', ...args], { cwd });
      assert.equal(result.code, 0, result.stderr);
      return result.stdout;
    };
    assert.match(
      await run(['import', HH, '-o', 'pairs.jsonl']),
      /hh-rlhf +2312 +2303 +9\n5 dropped: .*\n2303 pairs in pairs\.jsonl: 2303 harmless\n$/s,
    );
    const schema = await schemaOf('preference-pair');
    const [line = ''] = (await readFile(join(cwd, 'pairs.jsonl'), 'utf8')).split('\n');
    assert.ok(schema.safeParse(JSON.parse(line)).success);
    const checked = await run([
      'check',
      'pairs.jsonl',
      '--benchmarks',
      'gsm8k,humaneval',
      '--data-dir',
      SHARED_DATA,
      '--fix',
      'clean.jsonl',
      '--json',
    ]);
    const { kept, pairs } = JSON.parse(checked) as { kept: number; pairs: number };
    assert.ok(pairs === 2303 && kept > 2200 && kept < 2303);
    assert.match(
      await run(['mix', 'clean.jsonl', '-o', 'mix', '--pairs', '1000']),
      /^ +pairs +harmless +helpful +honest\ntrain\.jsonl +\d+ /,
    );
    assert.deepEqual((await readdir(cwd)).toSorted(), [
      'clean.jsonl',
      'clean.jsonl.removed.jsonl',
      'mix',
      'pairs.jsonl',
    ]);
    assert.deepEqual((await readdir(join(cwd, 'mix'))).toSorted(), [
      'manifest.json',
      'train.jsonl',
      'validation.jsonl',
    ]);
  });

  test('text of data is text in the page and on the terminal', async () => {
    const cwd = await place.folderWith([{ prompt: `${HOSTILE}?`, chosen: `${HOSTILE} and`, rejected: HOSTILE }]);
    const told = [...TOLD, '--source', HOSTILE];
    const { stdout, code } = await place.run(
      ['data', 'check', 'in.jsonl', ...told, '--benchmarks', 'none', '--report', 'r.html'],
      { cwd },
    );
    assert.equal(code, 0);
    const page = await readFile(join(cwd, 'r.html'), 'utf8');
    assert.match(page, /&lt;script&gt;alert\(&quot;x&quot;\)/);
    assert.doesNotMatch(page, /<script|\u001b/);
    assert.doesNotMatch(stdout, /\u001b/);
  });

  test('options that say nothing here, and a command that there is not', async () => {
    const cwd = await place.folderWith(generic(1));
    const refused = async (args: readonly string[], says: RegExp) =>
      assertRefused(await place.run(['data', ...args], { cwd }), { code: 2, says });
    await refused(['check', 'in.jsonl', '--removed', 'x'], /--removed goes with --fix/);
    await refused(['check', 'in.jsonl', '--max-length', '5'], /--max-length goes with --tokenizer/);
    await refused(['check', 'in.jsonl', '--benchmarks', 'gsm9k'], /did you mean gsm8k\?/);
    await refused(
      ['check', 'in.jsonl', '--near-duplicates', '1.5'],
      /--near-duplicates must be a number above 0 and at most 1/,
    );
    await refused(['import', 'in.jsonl', '-o', 'out'], /in\.jsonl does not say in what .*: say it with --dimension\./);
    await refused(
      ['import', 'in.jsonl', '-o', 'in.jsonl', ...TOLD],
      /--output: in\.jsonl is the input in\.jsonl itself/,
    );
    await refused(
      ['mix', 'in.jsonl', '-o', 'mix', '--shares', 'harmless=2'],
      /--shares: harmless must have a share above 0/,
    );
    await refused(['imprt'], /did you mean import\?/);
    assert.deepEqual(await readdir(cwd), ['in.jsonl']);
  });

  test('a disk that is full', async () => {
    const cwd = await place.folderWith(generic(5000));
    // Files beyond 512 kB fail as on a full disk.
    const wrap = (words: readonly string[]) => ['sh', '-c', `trap '' XFSZ; ulimit -f 1024; exec "$@"`, 'sh', ...words];
    const full = await place.run(['data', 'import', 'in.jsonl', '-o', 'out.jsonl', ...TOLD], { cwd, wrap });
    assertRefused(full, {
      code: 1,
      says: /out\.jsonl could not be written \(its disk is full\), and what was there before is unchanged/,
    });
    assert.deepEqual(await readdir(cwd), ['in.jsonl']);
    assert.equal((await place.run(['data', 'import', 'in.jsonl', '-o', 'pairs.jsonl', ...TOLD], { cwd })).code, 0);
    const mix = await place.run(['data', 'mix', 'pairs.jsonl', '-o', 'mix'], { cwd, wrap });
    assert.equal(mix.code, 1);
    assert.match(mix.stderr, /its disk is full/);
    assert.deepEqual((await readdir(cwd)).toSorted(), ['in.jsonl', 'pairs.jsonl']);
  });

  test('a kill leaves what was there before, and the same command does it all again', async () => {
    const cwd = await place.newFolder();
    const lines = generic(300_000).map((record) => `${JSON.stringify(record)}\n`);
    await writeFile(join(cwd, 'in.jsonl'), lines.join(''));
    await writeFile(join(cwd, 'out.jsonl'), 'before');
    const args = ['data', 'import', 'in.jsonl', '-o', 'out.jsonl', ...TOLD];
    const child = place.start(args, { cwd });
    const sizeOfPartial = async () => (await stat(join(cwd, 'out.jsonl.partial')).catch(() => undefined))?.size ?? 0;
    while ((await sizeOfPartial()) === 0 && child.exitCode === null) await sleep(20);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(child.signalCode, 'SIGKILL');
    assert.equal(await readFile(join(cwd, 'out.jsonl'), 'utf8'), 'before');
    const again = await place.run(args, { cwd });
    assert.equal(again.code, 0, again.stderr);
    assert.equal((await readFile(join(cwd, 'out.jsonl'), 'utf8')).split('\n').length, 300_001);
    assert.deepEqual((await readdir(cwd)).toSorted(), ['in.jsonl', 'out.jsonl']);
  });

  test('pairs of responses that batches recorded, and of what a reward model says of labels', async () => {
    const { decoder } = await makeTinyRewards(join(place.folder, 'rewards'));
    const cwd = await place.folderWith([{ prompt: 'Q?' }, { prompt: 'Why?' }]);
    const run = async (args: readonly string[]) => {
      const result = await place.run(args, { cwd });
      assert.equal(result.code, 0, result.stderr);
      return result;
    };
    for (const strategy of ['base', 'draft']) {
      await run(['batch', 'in.jsonl', '-o', `${strategy}.jsonl`, '--strategy', strategy, '--max-response-tokens', '8']);
    }
    const synth = ['data', 'synth', 'in.jsonl', 'base.jsonl', 'draft.jsonl', '-o', 'pairs.jsonl', '--reward', decoder];
    const told = ['--dimension', 'honest', '--licence', 'MIT'];
    assert.match((await run([...synth, ...told])).stdout, /2 pairs of 2 prompts in pairs\.jsonl\n$/);
    assert.match((await run([...synth, ...told])).stderr, /^2 prompts, of which 0 are to be rewarded\.\n$/);
    const checked = await run(['data', 'check', 'pairs.jsonl', '--benchmarks', 'none', '--reward', decoder]);
    assert.match(checked.stdout, /labels: the reward model prefers the chosen response in 100\.0% .* of 2 pairs/);
    assertRefused(await place.run(synth, { cwd }), { code: 2, says: /--dimension/ });
  });

  test('pairs of responses that strategies write for it, and go on where they were', async () => {
    const { decoder } = await makeTinyRewards(join(place.folder, 'rewards'));
    const cwd = await place.folderWith([{ prompt: 'Q?' }, { prompt: 'Why?' }]);
    const args = ['data', 'synth', 'in.jsonl', '-o', 'pairs.jsonl', '--reward', decoder, '--dimension', 'helpful'];
    const more = ['--licence', 'MIT', '--samples', '3', '--seed', '5', '--max-response-tokens', '8'];
    const synth = (...others: readonly string[]) => place.run([...args, ...more, ...others], { cwd });
    assertRefused(await synth(), { code: 2, says: /give outputs of batches, or --strategies/ });
    assertRefused(await synth('--strategies', 'base'), { code: 2, says: /set --temperature, such as 0\.8/ });
    const written = await synth('--strategies', 'base', 'draft', '--temperature', '2');
    assert.equal(written.code, 0, written.stderr);
    assert.match(written.stderr, /^2 prompts: 12 responses are written and rewarded/);
    assert.match(written.stdout, /2 pairs of 2 prompts in pairs\.jsonl\n$/);
    const pairs = await readFile(join(cwd, 'pairs.jsonl'), 'utf8');
    const [first] = pairs.split('\n');
    const { prompt, chosen, rejected, origin } = JSON.parse(first!) as Record<string, unknown>;
    assert.deepEqual([prompt, origin], [[{ role: 'user', content: 'Q?' }], 'in.jsonl:1']);
    assert.notDeepEqual(chosen, rejected);
    const again = await synth('--strategies', 'base', 'draft', '--temperature', '2');
    assert.equal(again.code, 0, again.stderr);
    assert.equal(await readFile(join(cwd, 'pairs.jsonl'), 'utf8'), pairs);
    const other = await synth('--strategies', 'base', 'draft', '--temperature', '1');
    assert.deepEqual([other.code, /begun with other settings \(--temperature\)/.test(other.stderr)], [2, true]);
  });
});
