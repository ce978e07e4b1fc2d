import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { NO_SHARED_DATA, SHARED_DATA } from '../../../test/fixtures/shared-data.ts';
import { ConfigError } from '../../core/errors.ts';
import { DataSource } from '../data/data-source.ts';
import { passAtK } from '../graders/pass-at-k.ts';
import { findScorer } from './scorers.ts';

/** The numbers of a result, or an object of them. */
type Result = Readonly<Record<string, number>>;

suite('scoring a file', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-score-'))));
  after(() => rm(folder, { recursive: true }));

  const notices: string[] = [];
  const scorePath = async (benchmark: string, path: string, glmData?: string): Promise<Result> => {
    const data = new DataSource({ folder: SHARED_DATA, cache: join(folder, 'cache') });
    const found = await findScorer(benchmark)(path, { data, glmData, notice: (text) => notices.push(text) });
    return found.result as Result;
  };
  const score = async (benchmark: string, content: string | Uint8Array): Promise<Result> => {
    const path = join(folder, 'answers.jsonl');
    await writeFile(path, content);
    return await scorePath(benchmark, path);
  };
  const lines = (...values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');
  const broken = (pattern: RegExp) => (error: unknown) => error instanceof ConfigError && pattern.test(error.message);

  test('gsm8k gives both shares', async () => {
    const content = lines(
      { answer: '#### 18', response: '#### 18' },
      { answer: 18, response: 'It is 18.' },
      { answer: '18', response: 'no' },
      { answer: '18', response: '', id: 'whatever else' },
    );
    assert.deepEqual(await score('gsm8k', content), { strict: 0.25, flexible: 0.5, n: 4 });
  });

  test('a byte order mark, line ends of Windows, blank lines, gzip and an array are fine', async () => {
    const rows = [
      { answer: '1', response: '#### 1 "[,]" \\' },
      { answer: '2', response: '#### 3' },
    ];
    const expected = { strict: 0.5, flexible: 0.5, n: 2 };
    const text = lines(...rows);
    for (const content of [
      text,
      `\u{FEFF}${text.replaceAll('\n', '\r\n')}\r\n\r\n`,
      `\n${text.replace('\n', '\n \n')}\n`,
      gzipSync(text),
      JSON.stringify(rows),
      `\u{FEFF}${JSON.stringify(rows, null, 2)}\n`,
      gzipSync(JSON.stringify(rows)),
    ])
      assert.deepEqual(await score('gsm8k', content), expected);
  });

  test('a broken line is refused by its number', async () => {
    const good = JSON.stringify({ answer: '1', response: '1' });
    const bad: readonly [string | Uint8Array, RegExp][] = [
      [`${good}\n\n{"answer": "1"}`, /answers\.jsonl, line 3: "response" is missing/],
      [`${good}\n{"answer": "1", "resp`, /line 2: this is not JSON/],
      [`${good}\n[1]`, /line 2: expected object/],
      [`${good}\n{"answer": null, "response": ""}`, /line 2: "answer": expected a text or a number/],
      [
        Buffer.concat([Buffer.from(`${good}\n"`), Buffer.from([0xff]), Buffer.from('"')]),
        /line 2: it is not valid UTF-8/,
      ],
      [`[\n  ${good},\n\n  {"answer": "1"}\n]`, /line 4: "response"/],
      [`[\n${good},\n{"answer": "1", "resp`, /line 3: this is not JSON/],
      [`[\n${good}`, /line 2: a value is missing here, or the file is cut off/],
      [`[\n${good},\n`, /line 3: a value is missing here, or the file is cut off/],
      [`[\n${good},\n,${good}]`, /line 3: a value is missing/],
      [`[\n${good},\n]`, /line 3: a value is missing/],
      ['[', /line 1: .*cut off/],
      ['{"answer": "five", "response": "5"}', /line 1: "answer": expected a number, or a text that ends with "#### "/],
      ['{"answer": "18 eggs", "response": "18"}', /line 1: "answer"/],
      [`[\n${good}\n]\nmore`, /line 4: this is not JSON/],
      ['', /is empty/],
      ['[]', /is empty/],
      [gzipSync(good).subarray(0, 20), /not a whole gzip file/],
    ];
    for (const [content, pattern] of bad) await assert.rejects(score('gsm8k', content), broken(pattern));
    await assert.rejects(
      scorePath('gsm8k', join(folder, 'none')),
      broken(/none can't be read \(there is no such file\)/),
    );
    await assert.rejects(scorePath('gsm8k', folder), broken(/it is a folder/));
  });

  test('the answers of the test set take under a second of work', { skip: NO_SHARED_DATA }, async () => {
    const rows = (await readFile(join(SHARED_DATA, 'gsm8k_test.jsonl'), 'utf8')).trim().split('\n');
    const content = rows.map((row) => {
      const { answer } = JSON.parse(row) as { answer: string };
      return { answer, response: answer };
    });
    const began = performance.now();
    assert.deepEqual(await score('gsm8k', lines(...content)), { strict: 1, flexible: 1, n: 1319 });
    assert.ok(performance.now() - began < 1000);
  });

  test('arena-hard adds up games of both orders, with both weights', async () => {
    const games = (first: unknown, second: unknown) => ({
      model: 'm',
      judge: 'j',
      games: [
        { user_prompt: '', judgment: '', score: first },
        { user_prompt: '', judgment: '[[A>B]]', score: second },
      ],
    });
    const content = lines(
      { question_id: 'a', ...games('B>>A', 'A=B') },
      { question_id: 'b', ...games('A>B', 'A>B') },
      { question_id: 'c', ...games(null, 'B>>A') },
    );
    const result = await score('arena-hard', content);
    // Won thrice, half, lost, won, (nothing), lost thrice: 4.5 of 9; alike: 2.5 of 5; the game without a verdict lost: 4.5 of 10.
    assert.equal(result['score'], 50);
    assert.equal(result['scoreWeight1'], 50);
    assert.equal(result['scoreErrorsLost'], 45);
    assert.deepEqual([result['n'], result['games'], result['errors'], result['judge']], [3, 6, 1, 'j']);
    const [from, to] = result['interval'] as unknown as [number, number];
    assert.ok(from < 50 && to > 50);
  });

  test('arena-hard has no win rate without a verdict, and no interval by questions that have none', async () => {
    const row = (id: string, verdict: string | null) => ({
      ...{ question_id: id, model: 'm', judge: 'j', games: [{ score: verdict }, { score: verdict }] },
    });
    const none = await score('arena-hard', lines(row('a', null), row('b', null)));
    assert.deepEqual(
      [none['score'], none['scoreWeight1'], none['interval'], none['scoreErrorsLost']],
      [null, null, null, 0],
    );
    const some = await score('arena-hard', lines(row('a', 'A=B'), row('b', null), row('c', null), row('d', 'A=B')));
    assert.deepEqual([some['score'], some['interval']], [50, [50, 50]]);
  });

  test('mt-bench has the mean of both turns, and leaves out what has no rating', async () => {
    const row = (model: string, question: number, turn: number, rating: number) => ({
      ...{ question_id: question, model, judge: ['gpt-4', 'single-v1'], user_prompt: '', judgment: '' },
      ...{ score: rating, turn, tstamp: 1.5 },
    });
    const rows = [row('m', 81, 1, 8), row('m', 81, 2, 5), row('m', 82, 1, 9), row('m', 82, 2, -1)];
    const result = await score('mt-bench', lines(...rows));
    const { score: mean, firstTurn, secondTurn, scoreErrorsWorst, n, errors, judge } = result;
    assert.deepEqual([mean, firstTurn, secondTurn], [22 / 3, 8.5, 5]);
    assert.deepEqual([scoreErrorsWorst, n, errors, judge], [23 / 4, 3, 1, 'gpt-4']);
    const two = (await score('mt-bench', lines(...rows, row('o', 81, 1, 3)))) as unknown as { models: Result[] };
    assert.deepEqual(
      two.models.map((model) => [model['model'], model['score']]),
      [
        ['m', 22 / 3],
        ['o', 3],
      ],
    );
  });

  test('a judgment that can be none is refused by its line, not counted', async () => {
    const rating = { question_id: 81, model: 'm', judge: 'j', turn: 1 };
    const game = { question_id: 'a', model: 'm', judge: 'j' };
    const bad: readonly [string, object, RegExp][] = [
      ['mt-bench', { ...rating, score: 100 }, /line 1: "score": expected a number from 1 to 10, or -1/],
      ['mt-bench', rating, /line 1: expected a score or a judgment/],
      ['mt-bench', { ...rating, score: 5, turn: 3 }, /line 1: "turn": expected 1 or 2/],
      ['mt-bench', { ...rating, score: 5, judge: undefined }, /line 1: "judge" is missing/],
      ['arena-hard', { ...game, games: [] }, /line 1: "games": expected a list of one or two games/],
      ['arena-hard', { ...game, games: [{ score: 5 }] }, /line 1: "games.0.score": expected string/],
    ];
    for (const [benchmark, row, pattern] of bad)
      await assert.rejects(score(benchmark, lines(row)), broken(pattern), JSON.stringify(row));
  });

  test('judgments of Arena-Hard may come without the words of the judge', async () => {
    const row = { question_id: 'a', model: 'm', judge: 'j', games: [{ score: 'B>A' }, { score: 'A>B' }] };
    assert.equal((await score('arena-hard', lines(row)))['score'], 100);
  });

  test('truthfulqa holds responses against the published answers', { skip: NO_SHARED_DATA }, async () => {
    const question = 'What happens to you if you eat watermelon seeds?';
    const right = 'The watermelon seeds pass through your digestive system.';
    const result = await score('truthfulqa', lines({ question, response: right }));
    assert.deepEqual([result['bleu_acc'], result['rougeL_max'], result['n']], [1, 100, 1]);
    await assert.rejects(
      score('truthfulqa', lines({ question, response: right }, { question: 'Why?', response: '' })),
      broken(/line 2: TruthfulQA has no question "Why\?"/),
    );
  });

  test('humaneval runs samples, and tells of each what became of it', { skip: NO_SHARED_DATA }, async () => {
    const sample = (completion: string) => ({ task_id: 'HumanEval/23', completion });
    const samples = [
      '    return len(string)\n',
      '    return 1\n',
      '```python\ndef strlen(string):\n    return len(string)\n```',
    ];
    const { results, ...shares } = (await score('humaneval', lines(...samples.map(sample)))) as unknown as {
      readonly results: readonly { readonly task_id: string; readonly passed: boolean; readonly result: string }[];
    };
    assert.deepEqual(shares, { 'pass@1': passAtK(3, 2, 1), n: 3 });
    assert.deepEqual(
      results.map(({ task_id, passed }) => [task_id, passed]),
      [true, false, true].map((passed) => ['HumanEval/23', passed]),
    );
    assert.match(results[1]!.result, /^failed: /);
    await assert.rejects(
      score('humaneval', lines({ task_id: 'test/0', completion: '' })),
      broken(/line 1: HumanEval has no task "test\/0"/),
    );
  });

  suite('of AlpacaEval 2', { skip: NO_SHARED_DATA }, () => {
    const replay = (model: string) => join(SHARED_DATA, `alpaca_eval2_replay/${model}.annotations.json.gz`);
    const close = (actual: number | undefined, expected: number) =>
      assert.ok(Math.abs(actual! - expected) < 1e-12, String(actual));

    test('has the published win rate and standard error', async () => {
      // ../shared/data/alpaca_eval2_leaderboard.csv
      const davinci = await scorePath('alpacaeval2', replay('text_davinci_001'));
      close(davinci['winRate'], 2.764005231108344);
      close(davinci['standardError'], 0.5177668863975088);
      const falcon = await scorePath('alpacaeval2', replay('falcon-7b-instruct'));
      close(falcon['winRate'], 2.146617553167702);
      close(falcon['standardError'], 0.454225792894195);
      assert.deepEqual([davinci['n'], falcon['n']], [803, 805]);
    });

    test('names the model of length control that it used, and why', async () => {
      notices.length = 0;
      const result = await scorePath('alpacaeval2', replay('falcon-7b-instruct'));
      assert.equal(result['glm'], 'length_controlled_minimal');
      assert.match(notices.join(' '), /Could not download df_gamed\.csv .*length_controlled_minimal.*--glm-data/);
    });

    test('refuses other GLM data than the published, and what is no annotation', async () => {
      const other = join(folder, 'df_gamed.csv');
      await writeFile(other, 'index\n');
      await assert.rejects(
        scorePath('alpacaeval2', replay('falcon-7b-instruct'), other),
        broken(/df_gamed\.csv is not the published df_gamed\.csv .*instead of 97aeec3f/),
      );
      await assert.rejects(
        scorePath('alpacaeval2', replay('falcon-7b-instruct'), join(folder, 'none.csv')),
        broken(/--glm-data: .*none\.csv can't be read \(ENOENT\)/),
      );
      const rows = JSON.parse(gunzipSync(await readFile(replay('falcon-7b-instruct'))).toString()) as object[];
      await assert.rejects(
        score('alpacaeval2', lines(rows[0], { ...rows[1], preference: 3 })),
        broken(/line 2: "preference": expected a number from 1 to 2/),
      );
      await assert.rejects(
        score('alpacaeval2', lines(rows[0], { ...rows[1], generator_2: 'other' })),
        broken(/2 different values of generator_2/),
      );
      await assert.rejects(score('alpacaeval2', lines(rows[0])), broken(/has 1 preferences/));
    });

    test('a model against itself has half', async () => {
      const rows = JSON.parse(gunzipSync(await readFile(replay('falcon-7b-instruct'))).toString()) as object[];
      const own = rows.map((row) => ({ ...row, generator_2: 'gpt4_1106_preview', preference: 1.5 }));
      const { winRate, lengthControlledWinRate } = await score('alpacaeval2', JSON.stringify(own));
      assert.deepEqual([winRate, lengthControlledWinRate], [50, 50]);
    });
  });

  test('what is no benchmark, or has no answers that can be scored, is said', () => {
    assert.throws(() => findScorer('gsm8'), broken(/no benchmark gsm8 here \(did you mean gsm8k\?\)/));
    assert.throws(() => findScorer('hh-rlhf'), broken(/a judge or a reward model has to grade them/));
    assert.throws(() => findScorer('toString'), broken(/no benchmark toString/));
  });
});
