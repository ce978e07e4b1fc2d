import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { z } from 'zod';
import { runResult } from '../../src/assembly/run-result.ts';
import { type EvaluationReport, evaluationReport } from '../../src/studies/evaluate/evaluation-report.ts';
import { makeTinyRewards } from '../fixtures/tiny-gguf/make-tiny-rewards.ts';
import { assertRefused, type CliOptions, ending, makePlace, type Place, schemaOf } from './support.ts';

const reportSchema = await schemaOf('evaluation-report');
const rewardSchema = await schemaOf('evaluation-reward');
const lineSchema = await schemaOf('batch-result');

const PROMPTS = ['hi', 'Once', 'the cat', 'Tell me more.'];

suite('evaluate', { concurrency: 2 }, () => {
  let place: Place;
  let reward: string;
  let encoder: string;
  before(async () => {
    place = await makePlace();
    ({ decoder: reward, encoder } = await makeTinyRewards(join(place.folder, 'rewards')));
  });
  after(() => place.remove());

  const folderWith = (lines: readonly (string | object)[]) => place.folderWith(lines);
  const prompts = (texts: readonly string[] = PROMPTS) => place.folderWith(texts.map((prompt) => ({ prompt })));

  const evaluate = (cwd: string, args: readonly string[] = [], options: CliOptions = {}) =>
    place.run(['evaluate', 'in.jsonl', '-o', 'out', ...args], { cwd, ...options });

  const text = (folder: string, name: string) => readFile(join(folder, 'out', name), 'utf8');

  async function linesOf<Line>(folder: string, name: string, schema: z.ZodType): Promise<Line[]> {
    const lines = (await text(folder, name)).split('\n');
    assert.equal(lines.pop(), '', 'ends with a whole line');
    for (const line of lines) schema.parse(JSON.parse(line));
    return lines.map((line) => JSON.parse(line) as Line);
  }

  const answers = (folder: string, strategy: string) =>
    linesOf<{ line: number; id?: string; text: string; error?: object }>(folder, `${strategy}.jsonl`, lineSchema);

  const rewards = (folder: string, strategy: string) =>
    linesOf<{ line: number; reward: number; judge: string }>(folder, `${strategy}.rewards.jsonl`, rewardSchema);

  async function report(folder: string): Promise<EvaluationReport> {
    const value: unknown = JSON.parse(await text(folder, 'report.json'));
    reportSchema.parse(value);
    const parsed = evaluationReport.parse(value);
    assert.deepEqual(parsed, value, 'no field that the contract does not know');
    return parsed;
  }

  /** All files and what is in them. */
  async function contents(folder: string): Promise<Record<string, string>> {
    const names = (await readdir(join(folder, 'out'))).sort();
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await text(folder, name)] as const)));
  }

  test('answers by each strategy as batch does, and compares them with the first', async () => {
    const folder = await prompts();
    const { code, stdout, stderr } = await evaluate(folder);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^(Loading .* …\n)?12 lines in .*\n/);
    assert.match(stdout, /^responses +answered +tokens .*\nbase +4\/4 .*\ndraft +4\/4 .*\nwsd +4\/4 /);
    assert.match(stdout, /wsd switched: base confident [1-4]/);
    assert.match(stdout, /one line at a time; \/base: of a token, over base's on the same line\.\n$/);
    assert.doesNotMatch(stdout, /reward/);
    await place.run(['batch', 'in.jsonl', '-o', 'batch.jsonl', '--concurrency', '1'], { cwd: folder });
    const batch = (await readFile(join(folder, 'batch.jsonl'), 'utf8')).trim().split('\n');
    assert.deepEqual(
      (await answers(folder, 'wsd')).map(({ line, text: said }) => [line, said]),
      batch.map((line) => JSON.parse(line) as { line: number; text: string }).map((line) => [line.line, line.text]),
    );
    const { tasks, comparedWith, reward: model, concurrency } = await report(folder);
    const { strategies } = tasks[0]!;
    assert.deepEqual([comparedWith, model, concurrency], ['base', null, 1]);
    const [base, draft, wsd] = strategies;
    assert.deepEqual([base!.timeRatio, draft!.timeRatio!.pairs, wsd!.timeRatio!.pairs], [null, 4, 4]);
    assert.deepEqual([base!.draftedShare, draft!.draftedShare, base!.switch], [0, 1, null]);
    assert.ok(wsd!.draftedShare! > 0 && wsd!.switch!.confident > 0);
  });

  test('--tokens keeps the whole trace of each response, with what was asked of that strategy', async () => {
    const folder = await prompts(['hi']);
    assert.equal((await evaluate(folder, ['--tokens', '--strategies', 'base', 'wsd'])).code, 0);
    for (const [strategy, criterion] of [
      ['base', null],
      ['wsd', 'confidence(window=6, threshold=0.8)'],
    ] as const) {
      const [line] = await answers(folder, strategy);
      const { version, request, tokens } = runResult.parse(line);
      assert.deepEqual([version, request.strategy, request.criterion], [1, strategy, criterion]);
      assert.deepEqual(request.messages, [{ role: 'user', content: 'hi' }]);
      assert.equal(tokens.map((token) => token.text).join(''), line!.text);
    }
  });

  test('every form of a line is answered in one form', async () => {
    const ask = [{ role: 'user', content: 'hi' }];
    const folder = await folderWith([
      { prompt: 'hi', id: 'p' },
      { context: ask, meta: 'naive:0' },
      { custom_id: 'c', url: '/v1/chat/completions', body: { messages: ask, max_tokens: 5 } },
    ]);
    assert.equal((await evaluate(folder, ['--strategies', 'base', 'wsd'])).code, 0);
    assert.deepEqual(
      (await answers(folder, 'wsd')).map(({ line, id }) => [line, id]),
      [
        [1, 'p'],
        [2, 'naive:0'],
        [3, 'c'],
      ],
    );
    assert.equal((await report(folder)).tasks[0]!.strategies[1]!.cutShare, 1 / 3);
  });

  test('judges every response, also those of the strategy that chose by the same reward', async () => {
    const folder = await prompts();
    const args = ['--strategies', 'base,wsd', 'best-of-n(n=2)', '--reward', reward, '--max-tokens', '20', '--seed=1'];
    const { code, stdout, stderr } = await evaluate(folder, args);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\nreward +rewarded +mean +interval +above base +interval\nbase +4\/4 /);
    assert.match(stdout, /Chose by these very rewards, and are flattered by them: best-of-n\(n=2\) \(--judge/);
    const { strategies } = (await report(folder)).tasks[0]!;
    assert.deepEqual(
      strategies.map(({ answers: file, choseByReward }) => [file, choseByReward]),
      [
        ['base.jsonl', false],
        ['wsd.jsonl', false],
        ['best-of-n_n=2.jsonl', true],
      ],
    );
    const judged = await rewards(folder, 'base');
    assert.equal(strategies[0]!.reward!.mean, judged.reduce((sum, line) => sum + line.reward, 0) / 4);
    assert.equal(strategies[2]!.betterThanFirst!.pairs, 4);
  });

  test('run again it does nothing again, and says the same', async () => {
    const folder = await prompts();
    const args = ['--strategies', 'base', 'wsd', '--judge', reward];
    const first = await evaluate(folder, args);
    const before = await contents(folder);
    // Models that are not there would be missed, if one were loaded.
    const env = { WELLBEGUN_CACHE: join(folder, 'no-cache') };
    const second = await evaluate(folder, args, { env });
    assert.deepEqual([second.code, second.stdout], [0, first.stdout]);
    assert.deepEqual(await contents(folder), before);
    assert.doesNotMatch(second.stderr, /the reward of|lines in/);
  });

  test('goes on after a kill, with what was judged as well', async () => {
    const folder = await prompts(Array.from({ length: 300 }, (_, index) => `hi ${index}`));
    const args = ['--strategies', 'base', 'draft', '--judge', reward];
    const words = ['evaluate', 'in.jsonl', '-o', 'out', ...args];
    for (const name of ['base.jsonl', 'base.rewards.jsonl', 'draft.jsonl', 'draft.rewards.jsonl']) {
      const child = place.start(words, { cwd: folder });
      const ended = ending(child);
      while ((await text(folder, name).catch(() => '')) === '' && child.exitCode === null) await pause(5);
      child.kill('SIGKILL');
      const { code, signal, stderr } = await ended;
      // The last file is begun shortly before the end, which may come before the kill.
      const isDone = name === 'draft.rewards.jsonl' && code === 0;
      assert.ok(isDone || signal === 'SIGKILL', `ended before ${name} was begun: ${stderr}`);
    }
    await writeFile(join(folder, 'out/base.rewards.jsonl'), (await text(folder, 'base.rewards.jsonl')).slice(0, -9));
    const { code, stderr } = await evaluate(folder, args);
    assert.equal(code, 0, stderr);
    const all = Array.from({ length: 300 }, (_, index) => index + 1);
    for (const strategy of ['base', 'draft']) {
      const byLine = (lines: readonly { line: number }[]) => lines.map(({ line }) => line).sort((a, b) => a - b);
      assert.deepEqual(byLine(await answers(folder, strategy)), all);
      assert.deepEqual(byLine(await rewards(folder, strategy)), all);
    }
  });

  test('Ctrl-C keeps what is finished and says how to go on', async () => {
    const folder = await prompts(Array.from({ length: 3000 }, (_, index) => `hi ${index}`));
    const child = place.start(['evaluate', 'in.jsonl', '-o', 'out'], { cwd: folder });
    const ended = ending(child);
    while ((await text(folder, 'base.jsonl').catch(() => '')) === '') await pause(10);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    assert.deepEqual([code, stdout], [130, ''], stderr);
    assert.match(stderr, /\d+ of 9000 lines are in .*out: the same command goes on there\.\n$/);
    const left = await readdir(join(folder, 'out'));
    assert.ok(
      left.every((name) => /^(base|draft|wsd)\.jsonl(\.state\.json)?$/.test(name)),
      left.join(' '),
    );
  });

  test('a line that fails is told and counted, and left out of the figures', async () => {
    const folder = await folderWith([{ prompt: 'hi' }, 'not json', { prompt: 'x'.repeat(4000) }]);
    const args = ['--strategies', 'base', 'wsd', '--context', '400', '--judge', reward];
    const { code, stdout, stderr } = await evaluate(folder, args);
    assert.equal(code, 1);
    assert.match(stdout, /\nbase +1\/3 .*\nwsd +1\/3 /);
    assert.match(stderr, /Line 2 failed: The line is not JSON/);
    const { strategies } = (await report(folder)).tasks[0]!;
    assert.deepEqual(
      strategies.map(({ answered, failed }) => [answered, failed]),
      [
        [1, 2],
        [1, 2],
      ],
    );
    assert.deepEqual([strategies[0]!.reward!.interval, strategies[1]!.betterThanFirst!.pairs], [null, 1]);
    const retried = await evaluate(folder, [...args, '--retry-failed']);
    assert.equal(retried.code, 1);
    assert.match(retried.stderr, /2 of 6 lines are in .*out already\.\n/);
    assert.equal((await answers(folder, 'base')).length, 3);
  });

  test('a strategy, more lines or another judge may come later; nothing is done again for it', async () => {
    const folder = await prompts();
    assert.equal((await evaluate(folder, ['--strategies', 'base', '--limit', '2', '--judge', reward])).code, 0);
    const before = await contents(folder);
    const more = await evaluate(folder, ['--strategies', 'base', 'draft', '--limit', '3', '--judge', reward]);
    assert.match(more.stderr, /2 of 6 lines are in .*out already\.\n4 lines in .*\nthe reward of .*: 1 in /);
    assert.ok((await text(folder, 'base.jsonl')).startsWith(before['base.jsonl']!));
    const fewer = await evaluate(folder, ['--strategies', 'draft', 'base', '--limit', '2', '--judge', encoder]);
    assert.equal(fewer.code, 0, fewer.stderr);
    const { tasks, comparedWith, reward: model } = await report(folder);
    const { strategies, input } = tasks[0]!;
    assert.deepEqual([comparedWith, model, input.lines], ['draft', encoder, 2]);
    assert.deepEqual(
      strategies.map(({ reward: figure }) => figure!.rewarded),
      [2, 2],
    );
    assert.deepEqual((await rewards(folder, 'base')).map((line) => line.judge === encoder).sort(), [
      ...[false, false, false],
      ...[true, true],
    ]);
    // γ is nothing to the base alone.
    assert.equal((await evaluate(folder, ['--strategies', 'base', 'draft', '--gamma', '0.5'])).code, 0);
  });

  test('other settings are refused where responses or their times depend on them', async () => {
    const folder = await prompts(['hi']);
    assert.equal((await evaluate(folder, ['--strategies', 'base', 'wsd'])).code, 0);
    for (const [args, says] of [
      [['--gamma', '0.5'], /wsd\.jsonl was begun with other settings \(--gamma\): give the same ones/],
      [['--concurrency', '2'], /base\.jsonl was begun with other settings \(--concurrency\)/],
    ] as const) {
      assertRefused(await evaluate(folder, ['--strategies', 'base', 'wsd', ...args]), { code: 2, says });
    }
    await writeFile(join(folder, 'in.jsonl'), '{"prompt": "ho"}\n');
    assertRefused(await evaluate(folder), { code: 2, says: /base\.jsonl was begun with another in\.jsonl/ });
  });

  test('what cannot be done is refused in a sentence before any model is loaded', async () => {
    const folder = await prompts(['hi']);
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'file'), '');
    await writeFile(join(folder, 'taken/base.rewards.jsonl'), 'notes\nnotes\n');
    await writeFile(join(folder, 'base.jsonl'), '{"prompt": "hi"}\n');
    const refused = async (args: readonly string[], says: RegExp) =>
      assertRefused(await place.run(['evaluate', ...args], { cwd: folder, env: { WELLBEGUN_BASE: 'none.gguf' } }), {
        code: 2,
        says,
      });
    const output = ['in.jsonl', '-o', 'new'];
    await refused(['in.jsonl'], /--output <folder>.* not specified/);
    await refused(['none.jsonl', '-o', 'new'], /The input none\.jsonl can't be read/);
    await refused(['in.jsonl', '-o', 'file'], /the folder file can't be made \(a file is in its place\): name another/);
    await refused(['base.jsonl', '-o', '.'], /base\.jsonl is the input/);
    await refused(
      [...output, '--strategies', 'base', 'bose'],
      /--strategies: .*no strategy "bose" \(did you mean base/,
    );
    await refused([...output, '--strategies', 'args(1, 2)', 'args(weight=2, k=1)'], /has args\(weight=2, k=1\) twice/);
    await refused(['-o', 'new', '--strategies', 'base', 'in.jsonl'], /in\.jsonl too: put the input before it/);
    await refused([...output, '--strategies', ','], /--strategies names none/);
    await refused([...output, '--strategy', 'base'], /unknown option '--strategy'.*--strategies/);
    await refused([...output, '--strategies', 'base', 'args'], /needs a reward model: name one with --reward/);
    await refused([...output, '--judge', 'vllm:'], /names no model/);
    await refused(
      ['in.jsonl', '-o', 'taken', '--judge', reward],
      /Line 1 of .*base\.rewards\.jsonl is not what evaluate/,
    );
    await refused([...output, '--gamma', '2'], /--gamma must be/);
  });

  test('a folder that was made for nothing is taken away, and one that was there stays', async () => {
    const folder = await prompts();
    await mkdir(join(folder, 'mine'));
    for (const output of ['new/one', 'mine']) {
      const { code } = await evaluate(folder, ['-o', output, '--base', 'nowhere.gguf']);
      assert.equal(code, 1);
    }
    assert.deepEqual((await readdir(folder)).sort(), ['in.jsonl', 'mine', 'new']);
    assert.deepEqual(await readdir(join(folder, 'new')), []);
  });

  test('two evaluations do not write one folder', async () => {
    const folder = await prompts(Array.from({ length: 3000 }, (_, index) => `hi ${index}`));
    const child = place.start(['evaluate', 'in.jsonl', '-o', 'out'], { cwd: folder });
    while ((await text(folder, 'base.jsonl').catch(() => '')) === '') await pause(10);
    assertRefused(await evaluate(folder), { code: 2, says: /Process \d+ is writing .*out\/report\.json already/ });
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
