import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { z } from 'zod';
import { NO_SHARED_DATA, SHARED_DATA } from '../fixtures/shared-data.ts';
import { assertRefused, makePlace, type Place } from './support.ts';

const listed = z.object({
  benchmarks: z.array(
    z.object({
      name: z.string(),
      items: z.number(),
      data: z.array(z.object({ name: z.string(), isHere: z.boolean() })),
    }),
  ),
});

suite('score and benchmarks', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  test('score prints one object, or a table with intervals', async () => {
    const folder = await place.folderWith([
      { answer: '#### 18', response: '#### 18' },
      { answer: '18', response: 'It is 17.' },
    ]);
    const path = join(folder, 'in.jsonl');
    const { stdout, stderr, code } = await place.run(['score', 'gsm8k', path, '--json']);
    assert.deepEqual([stdout, stderr, code], ['{"strict":0.5,"flexible":0.5,"n":2}\n', '', 0]);
    assert.match((await place.run(['score', 'gsm8k', path])).stdout, /strict +50\.00% +9\.45% to 90\.55%\n/);
  });

  test('a broken line ends with its number and exit code 2', async () => {
    const folder = await place.folderWith([{ answer: '1', response: '1' }, '{"answer": "1"']);
    const broken = await place.run(['score', 'gsm8k', join(folder, 'in.jsonl')]);
    assertRefused(broken, { code: 2, says: /in\.jsonl, line 2: this is not JSON/ });
    assertRefused(await place.run(['score', 'gsm9k', 'x']), { code: 2, says: /did you mean gsm8k\?/ });
    const unused = await place.run(['score', 'gsm8k', join(folder, 'in.jsonl'), '--glm-data', 'x']);
    assertRefused(unused, { code: 2, says: /gsm8k does not use --glm-data: leave it out/ });
  });

  test('benchmarks tells whether data is here', { skip: NO_SHARED_DATA }, async () => {
    const read = async (env: Readonly<Record<string, string>>) =>
      listed.parse(JSON.parse((await place.run(['benchmarks', '--json'], { env })).stdout)).benchmarks;
    const isHere = (list: Awaited<ReturnType<typeof read>>) =>
      list.flatMap(({ data }) => data.filter((file) => file.isHere).map(({ name }) => name));
    assert.deepEqual(isHere(await read({})), []);
    const found = await read({ WELLBEGUN_DATA_DIR: SHARED_DATA });
    assert.equal(found.length, 7);
    assert.ok(isHere(found).includes('gsm8k_test.jsonl') && !isHere(found).includes('df_gamed.csv'));
  });
});
