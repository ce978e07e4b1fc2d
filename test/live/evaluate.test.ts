import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type EvaluationReport, evaluationReport } from '../../src/studies/evaluate/evaluation-report.ts';
import { NO_SHARED_DATA, SHARED_DATA } from '../fixtures/shared-data.ts';
import { PROMPTS, wellbegun } from './support.ts';

suite('evaluate on the default pair', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-live-'))));
  after(() => rm(folder, { recursive: true }));

  test('compares base, draft and wsd on three prompts', async () => {
    const input = join(folder, 'prompts.jsonl');
    await writeFile(
      input,
      PROMPTS.slice(0, 3)
        .map((prompt) => `${JSON.stringify({ prompt })}\n`)
        .join(''),
    );
    const args = ['evaluate', input, '-o', join(folder, 'out'), '--max-response-tokens', '48'];
    const { stdout, stderr, code } = await wellbegun(args);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^responses .*\nbase +3\/3 .*\ndraft +3\/3 .*\nwsd +3\/3 /);
    const report = evaluationReport.parse(JSON.parse(await readFile(join(folder, 'out/report.json'), 'utf8')));
    const [base, draft, wsd] = report.tasks[0]!.strategies as [Strategy, Strategy, Strategy];
    assert.deepEqual([base.draftedShare, draft.draftedShare], [0, 1]);
    assert.ok(wsd.draftedShare! > 0 && wsd.responseTokens!.median <= 48, JSON.stringify(wsd));
    // Within an order of magnitude, whatever else the machine does.
    for (const { timeRatio } of [draft, wsd]) {
      assert.ok(timeRatio!.pairs === 3 && timeRatio!.median > 0.1 && timeRatio!.median < 10, stdout);
    }
    const again = await wellbegun(args);
    assert.deepEqual([again.code, again.stdout], [0, stdout]);
  });

  test('grades gsm8k by rules, and truthfulqa by overlap and log-likelihoods', { skip: NO_SHARED_DATA }, async () => {
    const args = ['evaluate', 'gsm8k', 'truthfulqa', '-o', join(folder, 'benchmarks'), '--data-dir', SHARED_DATA];
    const limits = ['--limit', '1', '--max-response-tokens', '24', '--strategies', 'base', 'wsd', 'urial'];
    const { stderr, code } = await wellbegun([...args, ...limits]);
    assert.equal(code, 0, stderr);
    const { tasks } = evaluationReport.parse(
      JSON.parse(await readFile(join(folder, 'benchmarks/report.json'), 'utf8')),
    );
    const [gsm8k, truthfulQa] = tasks;
    for (const { measures } of gsm8k!.strategies) {
      assert.deepEqual(
        measures.map(({ name, graded }) => [name, graded]),
        [
          ['strict', 1],
          ['flexible', 1],
        ],
      );
    }
    assert.equal(truthfulQa!.strategies[0]!.measures.length, 12);
    assert.deepEqual([truthfulQa!.choices!.mc1.graded, truthfulQa!.choices!.mc2.graded], [1, 1]);
    assert.ok(truthfulQa!.choices!.mc2.value! > 0 && truthfulQa!.choices!.mc2.value! < 1);
  });
});

type Strategy = EvaluationReport['tasks'][number]['strategies'][number];
