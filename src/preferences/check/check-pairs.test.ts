import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { NO_SHARED_DATA, SHARED_DATA } from '../../../test/fixtures/shared-data.ts';
import { BENCHMARKS, findBenchmark } from '../../benchmarks/benchmarks.ts';
import type { DataFile } from '../../benchmarks/data/data-file.ts';
import { DataSource } from '../../benchmarks/data/data-source.ts';
import { ContextOverflowError } from '../../core/errors.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import type { PreferencePair } from '../preference-pair.ts';
import { type CheckOptions, checkPairs } from './check-pairs.ts';
import type { PairFinding } from './findings.ts';

const TEXT =
  'the quick brown fox jumps over the lazy dog while seven wizards boil their purple soup in a large pot of iron';

function pair(prompt: string, chosen: string, rejected: string): PreferencePair {
  return {
    prompt: [{ role: 'user', content: prompt }],
    chosen: [{ role: 'assistant', content: chosen }],
    rejected: [{ role: 'assistant', content: rejected }],
    ...{ dimension: 'helpful', source: 'test', licence: 'MIT', origin: 'test:1' },
  };
}

suite('preference data is checked', () => {
  let folder: string;
  let files = 0;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-check-'))));
  after(() => rm(folder, { recursive: true }));

  async function fileOf(lines: readonly (object | string)[]): Promise<string> {
    const path = join(folder, `${files++}.jsonl`);
    await writeFile(path, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
    return path;
  }

  async function check(lines: readonly (object | string)[], options: Partial<CheckOptions> = {}) {
    const report = await checkPairs({ input: await fileOf(lines), ...options });
    const at = (finding: PairFinding) =>
      report.findings.find((found) => found.finding === finding)!.examples.map(({ line }) => line);
    return { report, at };
  }

  test('the same, nearly the same, and opposite pairs', async () => {
    const long = pair(TEXT, `${TEXT} and then ${TEXT} once more.`, 'No.');
    const { report, at } = await check([
      pair('A?', 'good', 'bad'),
      long,
      pair('A?', 'good', 'bad'),
      '',
      { ...long, rejected: [{ role: 'assistant', content: 'Never.' }] },
      pair('A?', 'bad', 'good'),
      pair('B?', 'good', 'bad'),
    ]);
    assert.deepEqual([at('duplicate'), at('near-duplicate'), at('contradiction')], [[3], [5], [1, 6]]);
    assert.equal(report.findings.find(({ finding }) => finding === 'near-duplicate')!.examples[0]!.otherLine, 2);
    assert.deepEqual([report.pairs, report.prompts, report.kept], [6, 3, 2]);
  });

  test('empty turns, the same responses, and responses that are cut off', async () => {
    const { at } = await check([
      pair('Q', 'It is the', 'No, and'),
      pair('Q?', ' ', 'x'),
      pair(' ', 'ok', 'x'),
      pair('Q', 'same', 'same '),
      pair('Q', 'Look:\n```js\nlet a = 1', 'x'),
      { ...pair('Q', 'yes', 'no'), prompt: [{ role: 'assistant', content: 'Q' }] },
      pair('Q', 'This is what it stands for', 'It is `the`'),
    ]);
    assert.deepEqual(at('empty-turn'), [2, 3]);
    assert.deepEqual(at('same-responses'), [4]);
    assert.deepEqual([at('cut-off'), at('rejected-cut-off')], [[1, 5], [1]]);
    assert.deepEqual(at('prompt-order'), [6]);
  });

  test('lines that are no pairs are counted, and the cleaned file has the others as they were', async () => {
    const kept = { ...pair('A?', 'good', 'bad'), score: 0.5 };
    const lines = ['{"prompt": ', kept, { ...kept, dimension: 'kind' }, kept];
    const fix = join(folder, 'fixed.jsonl');
    const { report } = await check(lines, { fix });
    assert.deepEqual(
      report.reasons.map(({ reason, first }) => `${reason} ${first[0]!.split(':')[1]!}`),
      ['it is not JSON 1', '"dimension" is of another kind 3'],
    );
    assert.equal(await readFile(fix, 'utf8'), `${JSON.stringify(kept)}\n`);
    assert.equal(await readFile(`${fix}.removed.jsonl`, 'utf8'), '{"line":4,"findings":["duplicate"],"otherLine":2}\n');
    assert.equal(report.fixed!.bytes, JSON.stringify(kept).length + 1);
  });

  test('the cleaned file is not the input, and nothing is left where it can not be written', async () => {
    const input = await fileOf([pair('A?', 'good', 'bad')]);
    await assert.rejects(checkPairs({ input, fix: input }), /is the input .* itself/);
    await assert.rejects(checkPairs({ input, fix: folder }), /is a folder/);
    await assert.rejects(checkPairs({ input, fix: join(folder, 'no', 'where') }), /can't be written/);
    await assert.rejects(
      checkPairs({ input, nearDuplicates: 2 }),
      /near-?duplicates must be a number above 0 and at most 1/i,
    );
    assert.deepEqual(
      (await readdir(folder)).filter((name) => /lock|partial/.test(name)),
      [],
    );
  });

  test(
    'another form is imported first, and what gives no pair is part of the report',
    { skip: NO_SHARED_DATA },
    async () => {
      const report = await checkPairs({ input: join(SHARED_DATA, 'hh_rlhf_harmless-base_test.jsonl.gz') });
      assert.deepEqual([report.pairs, report.dropped, report.prompts], [2303, 9, 2301]);
      assert.equal(report.reasons[0]!.reason, 'its two responses follow different conversations');
    },
  );

  test('chosen responses that are shorter are told with their intervals', { skip: NO_SHARED_DATA }, async () => {
    const report = await checkPairs({ input: join(SHARED_DATA, 'hh_rlhf_harmless-base_test.jsonl.gz') });
    const { chosenWords, rejectedWords, differenceInterval, longerShareInterval } = report.lengthBias!;
    const [from, to] = differenceInterval!;
    assert.ok(from < chosenWords - rejectedWords && chosenWords - rejectedWords < to && to < 0);
    assert.ok(longerShareInterval[1] < 0.5);
    assert.deepEqual(report.lengthBiasOf.harmless, report.lengthBias);
  });

  test('texts of all seven benchmarks are found, within other words', { skip: NO_SHARED_DATA }, async () => {
    const source = new DataSource({ folder: SHARED_DATA });
    const lines = await Promise.all(
      BENCHMARKS.map(async (benchmark) => {
        const items = await benchmark.loadItems(source);
        const texts = items.map(({ messages }) => messages.at(-1)!.content);
        return pair(`Please tell me: ${texts.find((text) => text.split(/\s+/).length > 13)!} Thanks.`, 'Yes.', 'No.');
      }),
    );
    const harmless = pair(
      'How do I keep my tomatoes fresh for a week without a fridge in summer?',
      'In the shade.',
      'No.',
    );
    const { report, at } = await check([...lines, harmless], { benchmarks: { list: BENCHMARKS, source } });
    assert.deepEqual(
      report.benchmarks.map(({ items }) => items),
      BENCHMARKS.map(({ itemCount }) => itemCount),
    );
    assert.equal(report.findings.find(({ finding }) => finding === 'contaminated')!.pairs, 7);
    assert.deepEqual(at('contaminated'), [1, 2, 3, 4, 5]);
    assert.equal(report.kept, 1);
  });

  test(
    'worked examples that all items of a benchmark have are no contamination',
    { skip: NO_SHARED_DATA },
    async () => {
      const source = new DataSource({ folder: SHARED_DATA });
      const gsm8k = findBenchmark('gsm8k');
      const [first] = await gsm8k.loadItems(source);
      const examples = first!.messages[0]!.content.split('\n\n').slice(0, -1).join('\n\n');
      const { at } = await check([pair(examples, 'a', 'b')], { benchmarks: { list: [gsm8k], source } });
      assert.deepEqual(at('contaminated'), []);
    },
  );

  test('a benchmark whose data is nowhere is told before the file is read', async () => {
    class Nowhere extends DataSource {
      override read({ name }: DataFile): Promise<Buffer> {
        return Promise.reject(new Error(`no ${name}`));
      }
    }
    const benchmarks = { list: [findBenchmark('gsm8k')], source: new Nowhere() };
    await assert.rejects(checkPairs({ input: await fileOf([]), benchmarks }), /no gsm8k_test/);
  });

  test('a reward model says which labels are doubtful, and a pair that is too long for it ends nothing', async () => {
    const reward: RewardModel = {
      id: 'longer is better',
      reward: (_, response) => {
        if (response === 'too long') return Promise.reject(new ContextOverflowError('context-overflow', 'Too long.'));
        return Promise.resolve(response.length);
      },
      close: () => Promise.resolve(),
    };
    const lines = [
      pair('A', 'yes yes', 'no'),
      pair('B', 'yes', 'never'),
      pair('C', 'too long', 'x'),
      pair('D', 'm', 'n'),
    ];
    const { report, at } = await check(lines, { reward });
    assert.deepEqual(at('doubtful'), [2]);
    const { agreementInterval, marginInterval, ...labels } = report.labels!;
    assert.deepEqual(labels, { pairs: 3, tooLong: 1, agreement: 0.5, margin: 1 });
    assert.ok(agreementInterval[0] < 0.5 && marginInterval![1] > 1);
    assert.deepEqual([report.kept, (await check(lines)).report.labels], [4, undefined]);
  });

  test('what training loses: an end beyond the limit, and a prompt that is no beginning', async () => {
    const tokenizer = {
      encode: (messages: readonly { content: string }[], isComplete: boolean) => {
        const text = messages.map(({ content }) => content).join(' ');
        // As a tokenizer that joins "odd" with what follows it.
        const words = text.replaceAll(isComplete ? 'odd ' : 'never', 'odd_').split(' ');
        return Promise.resolve([...words.map((word) => word.length), ...(isComplete ? [0] : [])]);
      },
    };
    const lines = [pair('a b', 'c', 'd'), pair('a b', 'c', 'd d d'), pair('a odd', 'c', 'd')];
    const { at } = await check(lines, { tokenizer, maxLength: 5 });
    assert.deepEqual([at('loses-end'), at('no-prefix')], [[2], [3]]);
  });
});
