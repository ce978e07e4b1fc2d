import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { benchmarkReport, reportOf } from '../../../../test/fixtures/example-reports.ts';
import { reportMarkdown } from './report-markdown.ts';
import { reportPage } from './report-page.ts';
import { writeReportPages } from './write-report-pages.ts';

/** What a model, a judge or a file may hold. */
const HOSTILE =
  '</pre></script><script>alert(1)</script><img src=x onerror=alert(2)> "q" \u202Eevil \u0000\u001b[2J \uD800 a|b `c` *d*';

const answer = (line: number, text: string, more: object = {}) =>
  JSON.stringify({
    ...{ line, text, strategy: 'wsd', switch: { index: 3, reason: 'confident' }, finishReason: 'stop' },
    ...more,
  });

suite('pages of a report', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-report-'));
    await mkdir(join(folder, 'gsm8k'));
  });
  after(() => rm(folder, { recursive: true }));

  test('show what models and judges wrote as text', async () => {
    const items = JSON.stringify({ id: HOSTILE, messages: [{ role: 'user', content: HOSTILE }] });
    await writeFile(join(folder, 'gsm8k/items.jsonl'), `${items}\n`);
    const tokens = [
      { text: 'dra', source: 'draft' },
      { text: '<b>', source: 'draft' },
      { text: HOSTILE, source: 'base' },
    ];
    await writeFile(join(folder, 'gsm8k/base.jsonl'), `${answer(1, HOSTILE)}\n`);
    await writeFile(
      join(folder, 'gsm8k/wsd.jsonl'),
      `${answer(1, 'x', { tokens, followUps: [{ text: HOSTILE }] })}\n{"torn`,
    );
    const grade = (words: string) => JSON.stringify({ line: 1, by: HOSTILE, of: '0', grades: { strict: 1 }, words });
    await writeFile(join(folder, 'gsm8k/wsd.grades.jsonl'), `${grade('earlier')}\n${grade(HOSTILE)}\n`);
    await writeReportPages(folder, benchmarkReport());
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    assert.doesNotMatch(page, /<script|<img|<b>|[\u0000\u001b]/);
    assert.match(page, /&lt;img src=x onerror=alert\(2\)&gt; &quot;q&quot;/);
    assert.match(page, /<span class="draft">dra&lt;b&gt;<\/span><span class="base">/);
    assert.doesNotMatch(page, /earlier/);
    assert.match(page, /default-src 'none'/);
    assert.equal(page.isWellFormed(), true);
  });

  test('stay small with ten thousand answers, whose files they name', async () => {
    const long = 'word '.repeat(2000);
    const lines = Array.from({ length: 10_000 }, (_, i) => answer(i + 1, i % 100 === 0 ? long : 'short'));
    await writeFile(join(folder, 'gsm8k/base.jsonl'), `${lines.join('\n')}\n`);
    await writeFile(join(folder, 'gsm8k/wsd.jsonl'), `${lines.join('\n')}\n`);
    await writeReportPages(folder, benchmarkReport());
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    assert.ok(page.length < 150_000, `${page.length} characters`);
    assert.equal(page.match(/class="answers"/g)?.length, 10);
    assert.match(page, /<a href="gsm8k\/wsd.jsonl">/);
    assert.match(page, / … \(\d+ characters more\)/);
  });

  test('have no samples where files are gone, and say so of an answer that is missing', async () => {
    await rm(join(folder, 'gsm8k/wsd.jsonl'));
    await writeReportPages(folder, benchmarkReport());
    assert.match(await readFile(join(folder, 'report.html'), 'utf8'), /no answer/);
    await rm(join(folder, 'gsm8k'), { recursive: true });
    await writeReportPages(folder, benchmarkReport());
    assert.doesNotMatch(await readFile(join(folder, 'report.html'), 'utf8'), /side by side/);
  });
});

test('published numbers stand beside the measured ones, and are marked', () => {
  const markdown = reportMarkdown(benchmarkReport());
  assert.match(markdown, /\| measured here \| gsm8k: strict \|/);
  assert.match(markdown, /\| wsd \| 30\.0% \(20\.0% to 40\.0%\) \|/);
  assert.match(markdown, /\| PUBLISHED \| gsm8k \|/);
  assert.match(markdown, /\| Llama-3-70B \+ WSD \(Pilot-3B\) \| 82\.18 \|/);
  assert.match(markdown, /Not measured here/);
  const page = reportPage(benchmarkReport(), []);
  assert.match(page, /<polygon class="mark"[^>]*><title>published, Llama-3-70B: 82\.2%/);
});

test('a task without measures is summed up by its rewards', () => {
  const markdown = reportMarkdown(reportOf());
  assert.match(markdown, /\| measured here \| in\.jsonl: reward \|/);
  assert.match(markdown, /\| wsd \| -?0\.00 \(-1\.00 to 1\.00\) \|/);
  assert.match(markdown, /in\.jsonl: 10 lines, by model\./);
});

test('Markdown is not broken by names', () => {
  const report = benchmarkReport();
  const [task] = report.tasks;
  const markdown = reportMarkdown({ ...report, tasks: [{ ...task!, name: 'a|b <i>*c*\n# d' }] });
  assert.match(markdown, /## a\\\|b \\<i\\>\\\*c\\\* # d/);
});
