import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePlace } from '../package/support.ts';
import { killAtRandom } from './kill-at-random.ts';

const PROMPTS = Array.from({ length: 400 }, (_, i) => `Story ${i + 1}`);

interface RecordLine {
  readonly prompt: string;
  readonly text: string;
}

test('calibrate, killed 20 times at random points, has each draft once, and the same figures', async (context) => {
  const place = await makePlace();
  try {
    await writeFile(join(place.folder, 'prompts.txt'), PROMPTS.join('\n'));
    const words = (name: string) => ['calibrate', '--prompts', 'prompts.txt', '--max-draft', '24', '--record', name];
    const linesOf = async (name: string) => {
      const text = await readFile(join(place.folder, name), 'utf8').catch(() => '');
      return text.split('\n').slice(0, -1);
    };
    const draftsOf = async (name: string) =>
      (await linesOf(name))
        .map((line) => JSON.parse(line) as RecordLine)
        .map(({ prompt, text }) => `${prompt}: ${text}`)
        .sort();

    const calm = await place.run([...words('calm.jsonl'), '--json', 'calm.json']);
    assert.equal(calm.code, 0, calm.stderr);
    const expected = await draftsOf('calm.jsonl');
    assert.equal(expected.length, PROMPTS.length);
    await killAtRandom({
      start: () => place.start(words('killed.jsonl')),
      written: async () => (await linesOf('killed.jsonl')).length,
      diagnostic: (text) => context.diagnostic(text),
    });
    const last = await place.run([...words('killed.jsonl'), '--json', 'killed.json']);
    assert.equal(last.code, 0, last.stderr);
    assert.deepEqual(await draftsOf('killed.jsonl'), expected);
  } finally {
    await place.remove();
  }
});
