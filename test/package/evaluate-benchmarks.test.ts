// Benchmarks, and one of one's own, on tiny models whose answers mean nothing.
import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { evaluationReport } from '../../src/studies/evaluate/evaluation-report.ts';
import { NO_SHARED_DATA, SHARED_DATA } from '../fixtures/shared-data.ts';
import { assertRefused, ending, makePlace, type Place, schemaOf } from './support.ts';

const reportSchema = await schemaOf('evaluation-report');
const gradeSchema = await schemaOf('evaluation-grade');
const lineSchema = await schemaOf('batch-result');

const OWN = `export default {
  name: 'letters',
  version: '2',
  form: { name: 'plain', version: 1, stop: ['#'], maxTokens: 6 },
  loadItems: () => ['hi', 'Once', 'the cat', 'no'].map((content, index) => ({
    id: String(index),
    messages: [{ role: 'user', content }],
    prompt: \`\${content} \`,
    lead: '> ',
    ...(index === 1 && { followUps: ['and then?'] }),
  })),
  grader: {
    measures: [{ name: 'short', kind: 'share' }, { name: 'length', kind: 'mean' }],
    grade: (item, response) => ({ short: Number(response.length < 9), length: response.length }),
  },
};`;

/** Examples that fit the context of the tiny models. */
const URIAL = ['--urial-examples', 'urial.txt'];

suite('evaluate on benchmarks', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  const env = { WELLBEGUN_DATA_DIR: SHARED_DATA };
  const folderWithOwn = async (source = OWN) => {
    const folder = await place.folderWith([{ prompt: 'hi' }]);
    await writeFile(join(folder, 'own.ts'), source);
    await writeFile(join(folder, 'urial.txt'), '[User]\nhi\n\n[Assistant]\nHo.\n');
    return folder;
  };
  const evaluate = (cwd: string, ...args: readonly string[]) =>
    place.run(['evaluate', ...args, '-o', 'out'], { cwd, env });
  const read = async (folder: string) => {
    const value: unknown = JSON.parse(await readFile(join(folder, 'out/report.json'), 'utf8'));
    reportSchema.parse(value);
    return evaluationReport.parse(value).tasks;
  };
  const linesOf = async (folder: string, name: string) =>
    (await readFile(join(folder, 'out', name), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, never>);

  test("a file and a benchmark of one's own stand in one report; the same command does nothing again", async () => {
    const folder = await folderWithOwn();
    const args = ['in.jsonl', '--benchmark-module', 'own.ts', '--strategies', 'base', 'wsd', 'urial', ...URIAL];
    const { code, stdout, stderr } = await evaluate(folder, ...args);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /── in\.jsonl ──\n\nresponses.*── letters ──\n\nshort +value/s);
    const [file, own] = await read(folder);
    assert.deepEqual([file!.benchmark, file!.strategies[0]!.measures], [null, []]);
    assert.deepEqual(own!.benchmark, { name: 'letters', version: '2', form: 'plain 1', items: 4, samples: 1 });
    for (const { measures, answered } of own!.strategies) {
      assert.deepEqual(
        measures.map(({ name, by, graded, errorRate }) => [name, by, graded, errorRate]),
        [
          ['short', 'rules', 4, 0],
          ['length', 'rules', 4, 0],
        ],
      );
      assert.equal(answered, 4);
    }
    const answers = await linesOf(folder, 'letters/wsd.jsonl');
    for (const answer of answers) lineSchema.parse(answer);
    const turns = answers.map((answer) => [answer['id'], (answer['followUps'] as object[] | undefined)?.length]);
    assert.deepEqual(turns.sort(), [
      ['0', undefined],
      ['1', 1],
      ['2', undefined],
      ['3', undefined],
    ]);
    const again = await place.run(['evaluate', ...args, '-o', 'out'], {
      cwd: folder,
      env: { ...env, WELLBEGUN_CACHE: join(folder, 'none') },
    });
    assert.deepEqual([again.code, again.stdout], [0, stdout]);
  });

  test('what a model sees is kept with the answers: another version, sample or form is never mixed in', async () => {
    const folder = await folderWithOwn();
    const own = ['--benchmark-module', 'own.ts', '--strategies', 'base'];
    assert.equal((await evaluate(folder, ...own)).code, 0);
    const [item] = await linesOf(folder, 'letters/items.jsonl');
    assert.deepEqual([item!['benchmark'], item!['form'], item!['prompt']], ['letters 2', 'plain 1', 'hi ']);
    const before = await linesOf(folder, 'letters/base.jsonl');
    for (const changed of [OWN.replace("version: '2'", "version: '3'"), OWN.replace("['#']", "['!']")]) {
      await writeFile(join(folder, 'own.ts'), changed);
      assertRefused(await evaluate(folder, ...own), { code: 2, says: /has answers to other items of letters/ });
    }
    await writeFile(join(folder, 'own.ts'), OWN);
    assertRefused(await evaluate(folder, ...own, '--samples', '2'), { code: 2, says: /other items of letters/ });
    assert.deepEqual(await linesOf(folder, 'letters/base.jsonl'), before);
  });

  test('a base sees the prompt byte for byte, after one BOS; what the draft begins follows its lead', async () => {
    const folder = await folderWithOwn();
    const own = ['--benchmark-module', 'own.ts', '--strategies', 'base', 'wsd', 'urial', '--limit', '1', ...URIAL];
    assert.equal((await evaluate(folder, ...own)).code, 0);
    const tokens = async (strategy: string) =>
      ((await linesOf(folder, `letters/${strategy}.jsonl`))[0]!['usage'] as unknown as { promptTokens: number })
        .promptTokens;
    const run = await place.run(['run', '--json', '--strategy', 'base', '--max-tokens', '1', 'hi'], { cwd: folder });
    const inForm = (JSON.parse(run.stdout) as { usage: { promptTokens: number } }).usage.promptTokens;
    const [base, wsd, urial] = [await tokens('base'), await tokens('wsd'), await tokens('urial')];
    assert.ok(base < inForm && base < wsd && urial > inForm, [base, wsd, urial, inForm].join());
  });

  test('samples differ, are the same again, and are one item together', async () => {
    const own = ['--benchmark-module', 'own.ts', '--strategies', 'base', '--samples', '3', '--temperature', '4'];
    const texts = await Promise.all(
      [1, 2].map(async () => {
        const folder = await folderWithOwn();
        assert.equal((await evaluate(folder, ...own)).code, 0);
        const [task] = await read(folder);
        assert.deepEqual([task!.benchmark!.items, task!.strategies[0]!.measures[0]!.graded], [4, 12]);
        return (await linesOf(folder, 'letters/base.jsonl')).map((answer) => [answer['id'], answer['text']]).sort();
      }),
    );
    assert.deepEqual(texts[0], texts[1]);
    assert.ok(new Set(texts[0]!.map(([, text]) => text)).size > 4, JSON.stringify(texts[0]));
  });

  test('--skip and --limit count items, not their samples', async () => {
    const folder = await folderWithOwn();
    const own = ['--benchmark-module', 'own.ts', '--strategies', 'base', '--samples', '2', '--temperature', '1'];
    const part = ['--skip', '1', '--limit', '2'];
    const { code, stderr } = await evaluate(folder, ...own, ...part);
    assert.equal(code, 0, stderr);
    const lines = (await linesOf(folder, 'letters/base.jsonl')).map((answer) => Number(answer['line']));
    assert.deepEqual(
      lines.toSorted((a, b) => a - b),
      [3, 4, 5, 6],
    );
    const [task] = await read(folder);
    assert.deepEqual([task!.benchmark!.items, task!.strategies[0]!.measures[0]!.graded], [2, 4]);
    assertRefused(await evaluate(folder, ...own, '--skip', '4'), { code: 2, says: /--skip leaves out 8: lower it/ });
  });

  test('--grade-only sums up what is there and answers nothing', async () => {
    const folder = await folderWithOwn();
    const own = ['--benchmark-module', 'own.ts', '--strategies', 'base', 'draft'];
    assert.equal((await evaluate(folder, ...own, '--limit', '2')).code, 0);
    const before = await readdir(join(folder, 'out/letters'));
    const { code, stderr } = await evaluate(folder, ...own, '--grade-only');
    assert.equal(code, 0, stderr);
    const [task] = await read(folder);
    assert.deepEqual([task!.strategies[0]!.answered, task!.strategies[0]!.measures[0]!.errorRate], [2, 0.5]);
    assert.deepEqual(await readdir(join(folder, 'out/letters')), before);
  });

  test('humaneval is graded by the sandbox, and mt-bench has two turns', { skip: NO_SHARED_DATA }, async () => {
    const folder = await folderWithOwn();
    const args = ['humaneval', 'mt-bench', '--strategies', 'base', '--limit', '2'];
    const limits = ['--max-response-tokens', '8'];
    const { code, stderr } = await evaluate(folder, ...args, ...limits);
    assert.equal(code, 0, stderr);
    const tasks = await read(folder);
    assert.deepEqual(
      tasks.map(({ name, strategies }) => [
        name,
        strategies[0]!.measures.map(({ name: measure }) => measure).slice(0, 2),
      ]),
      [
        ['humaneval', ['pass@1']],
        ['mt-bench', []],
      ],
    );
    const grades = await linesOf(folder, 'humaneval/base.grades.jsonl');
    for (const grade of grades) gradeSchema.parse(grade);
    assert.deepEqual(grades.length, 2);
    assert.match(String(grades[0]!['words']), /^(passed|failed|timed out)/);
    assert.equal((await linesOf(folder, 'mt-bench/base.jsonl'))[0]!['followUps']?.['length'], 1);
  });

  test('killed at any moment, it goes on: each item is answered once', async () => {
    const source = OWN.replace(
      "['hi', 'Once', 'the cat', 'no']",
      "Array.from({ length: 40 }, (_, index) => 'hi ' + index)",
    );
    const folder = await folderWithOwn(source);
    const words = ['evaluate', '--benchmark-module', 'own.ts', '--strategies', 'base', 'draft', '-o', 'out'];
    for (let kill = 0; kill < 6; kill++) {
      const child = place.start(words, { cwd: folder, env });
      const ended = ending(child);
      const timer = setTimeout(() => child.kill('SIGKILL'), 500 + 150 * kill);
      await ended;
      clearTimeout(timer);
    }
    const { code, stderr } = await place.run(words, { cwd: folder, env });
    assert.equal(code, 0, stderr);
    for (const strategy of ['base', 'draft']) {
      const lines = (await linesOf(folder, `letters/${strategy}.jsonl`)).map(({ line }) => Number(line));
      assert.deepEqual(
        lines.sort((a, b) => a - b),
        Array.from({ length: 40 }, (_, index) => index + 1),
      );
    }
  });

  test('what cannot be done is one sentence', async () => {
    const folder = await folderWithOwn();
    await writeFile(join(folder, 'bad.ts'), "export default { name: 'a b', version: '1' };");
    const refused = async (args: readonly string[], says: RegExp) =>
      assertRefused(await evaluate(folder, ...args), { code: 2, says });
    await refused(['gsm9k'], /no benchmark gsm9k here \(did you mean gsm8k\?\)/);
    await refused([], /Nothing is named to evaluate/);
    await refused(['in.jsonl', 'in.jsonl'], /in\.jsonl and in\.jsonl would have the same folder|named twice/);
    await refused(
      ['--benchmark-module', 'bad.ts'],
      /--benchmark-module: the default export of bad\.ts is no benchmark \(name: /,
    );
    await refused(['--benchmark-module', 'none.ts'], /--benchmark-module: none\.ts can't be run/);
    await refused(['gsm8k', '--samples', '0'], /--samples/);
    await rm(join(folder, 'out'), { recursive: true, force: true });
  });
});
