import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type EvaluationReport, evaluationReport } from '../../src/studies/evaluate/evaluation-report.ts';
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
    const [base, draft, wsd] = report.strategies as [Strategy, Strategy, Strategy];
    assert.deepEqual([base.draftedShare, draft.draftedShare], [0, 1]);
    assert.ok(wsd.draftedShare! > 0 && wsd.responseTokens!.median <= 48, JSON.stringify(wsd));
    // Within an order of magnitude, whatever else the machine does.
    for (const { timeRatio } of [draft, wsd]) {
      assert.ok(timeRatio!.pairs === 3 && timeRatio!.median > 0.1 && timeRatio!.median < 10, stdout);
    }
    const again = await wellbegun(args);
    assert.deepEqual([again.code, again.stdout], [0, stdout]);
  });
});

type Strategy = EvaluationReport['strategies'][number];
