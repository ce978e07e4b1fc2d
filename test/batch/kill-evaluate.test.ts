import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePlace } from '../package/support.ts';
import { killAtRandom } from './kill-at-random.ts';

const LINES = 200;
const STRATEGIES = ['base', 'wsd'];

interface Answer {
  readonly line: number;
  readonly text: string;
}

test('evaluate, killed 20 times at random points, has each answer of each strategy once', async (context) => {
  const place = await makePlace();
  try {
    const prompts = Array.from({ length: LINES }, (_, i) => JSON.stringify({ prompt: `Story ${i + 1}` }));
    await writeFile(join(place.folder, 'in.jsonl'), `${prompts.join('\n')}\n`);
    const words = (output: string) => [
      'evaluate',
      'in.jsonl',
      '-o',
      output,
      '--max-tokens',
      '16',
      '--strategies',
      ...STRATEGIES,
    ];
    const answersOf = async (output: string, strategy: string) => {
      const lines = (await readFile(join(place.folder, output, `${strategy}.jsonl`), 'utf8')).split('\n');
      assert.equal(lines.pop(), '', 'the last line is whole');
      const answers = lines.map((line) => JSON.parse(line) as Answer).sort((a, b) => a.line - b.line);
      return answers.map(({ line, text }) => `${line} ${text}`);
    };
    const written = async (output: string) => {
      const folder = join(place.folder, output);
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl'));
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      return texts.reduce((sum, text) => sum + text.split('\n').length - 1, 0);
    };

    const calm = await place.run(words('calm'));
    assert.equal(calm.code, 0, calm.stderr);
    await killAtRandom({
      start: () => place.start(words('killed')),
      written: () => written('killed'),
      diagnostic: (text) => context.diagnostic(text),
    });
    const last = await place.run(words('killed'));
    assert.equal(last.code, 0, last.stderr);
    for (const strategy of STRATEGIES) {
      const expected = await answersOf('calm', strategy);
      assert.equal(expected.length, LINES);
      assert.deepEqual(await answersOf('killed', strategy), expected);
    }
    const report = JSON.parse(await readFile(join(place.folder, 'killed/report.json'), 'utf8')) as {
      tasks: [{ strategies: { strategy: string }[] }];
    };
    assert.deepEqual(
      report.tasks[0].strategies.map(({ strategy }) => strategy),
      STRATEGIES,
    );
  } finally {
    await place.remove();
  }
});
