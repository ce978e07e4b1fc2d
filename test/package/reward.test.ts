import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { makeTinyRewards } from '../fixtures/tiny-gguf/make-tiny-rewards.ts';
import { makePlace, type Place } from './support.ts';

suite('wellbegun reward', () => {
  let place: Place;
  let decoder: string;
  let asked: string;
  let answered: string;

  before(async () => {
    place = await makePlace();
    ({ decoder } = await makeTinyRewards(join(place.folder, 'rewards')));
    [asked, answered] = [join(place.folder, 'asked.json'), join(place.folder, 'answered.json')];
    const question = { role: 'user', content: 'Q?' };
    await writeFile(asked, JSON.stringify([question]));
    await writeFile(answered, JSON.stringify({ messages: [question, { role: 'assistant', content: 'zZz' }] }));
  });
  after(() => place.remove());

  test('prints a number for each response, and nothing else', async () => {
    const several = await place.run([
      'reward',
      '--reward',
      decoder,
      '--messages',
      asked,
      '--response',
      'zZz',
      '--response',
      '',
    ]);
    assert.deepEqual([several.code, several.stderr], [0, '']);
    const numbers = several.stdout.trim().split('\n').map(Number);
    assert.equal(numbers.length, 2);
    assert.ok(numbers.every(Number.isFinite) && numbers[0] !== numbers[1], several.stdout);
    const one = await place.run(['reward', '--messages', answered], { env: { WELLBEGUN_REWARD: decoder } });
    assert.ok(Math.abs(Number(one.stdout) - numbers[0]!) < 0.02, one.stdout);
  });

  test('says in one sentence what is missing', async () => {
    const REFUSED: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['--messages', asked], 2, /--reward/],
      [['--reward', decoder], 2, /--messages/],
      [['--reward', decoder, '--messages', asked], 2, /is no answer: add one, or give it with --response/],
      [['--reward', decoder, '--messages', answered, '--response', 'a'], 2, /is an answer already/],
      [
        ['--reward', place.models['byte-bpe'], '--messages', answered],
        1,
        /byte-bpe\.reward\.safetensors .*no such file/,
      ],
      [['--reward', `${decoder}#label=x`, '--messages', answered], 2, /leave #label= out/],
    ];
    for (const [args, code, message] of REFUSED) {
      const result = await place.run(['reward', ...args]);
      assert.deepEqual([result.code, result.stdout], [code, ''], result.stderr);
      assert.match(result.stderr, message);
      assert.equal(result.stderr.trim().split('\n').length, 1, result.stderr);
    }
  });
});
