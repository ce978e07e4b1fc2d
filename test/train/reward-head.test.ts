import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { averagingModel, tokenValue } from '../fixtures/tiny-gguf/averaging-model.ts';
import { BYTE_BPE_TOKENS } from '../fixtures/tiny-gguf/byte-bpe.ts';
import { seededRandom } from '../fixtures/tiny-gguf/seeded-random.ts';
import { writeGguf } from '../fixtures/tiny-gguf/write-gguf.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PROJECT = join(ROOT, 'train');
const run = promisify(execFile);

/** Letters, those that count most in the averaging model first. */
const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz').toSorted(
  (a, b) => tokenValue(BYTE_BPE_TOKENS.indexOf(b)) - tokenValue(BYTE_BPE_TOKENS.indexOf(a)),
);

/** In the form of HH-RLHF; the better answer has more of the letters that count much. */
function somePairs(count: number): string {
  const random = seededRandom(5);
  const word = (letters: readonly string[]): string =>
    Array.from({ length: 12 }, () => letters[Math.floor(random() * letters.length)]).join('');
  return Array.from({ length: count }, () => {
    const question = `\n\nHuman: ${word(LETTERS)}?\n\nAssistant: `;
    return JSON.stringify({
      chosen: question + word(LETTERS.slice(0, 16)),
      rejected: question + word(LETTERS.slice(10)),
    });
  }).join('\n');
}

const measured = z.object({ pairs: z.number(), accuracy: z.number(), interval: z.tuple([z.number(), z.number()]) });

// The first `uv run` may have to fetch torch.
suite('a reward head', { timeout: 1_800_000 }, () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-train-'));
    env = { ...process.env, WELLBEGUN_CACHE: join(folder, 'cache') };
  });
  after(() => rm(folder, { recursive: true }));

  const script = async (name: string, ...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [join(PROJECT, 'reward', name), ...args, '--threads', '1'], { env })).stdout;

  test('that was trained a few steps is loaded by the engine, and prefers better answers it never saw', async () => {
    const model = join(folder, 'averaging.gguf');
    const pairs = join(folder, 'pairs.jsonl');
    const states = join(folder, 'states');
    const head = join(folder, 'averaging.reward.safetensors');
    await writeGguf(model, averagingModel());
    await writeFile(pairs, somePairs(100));

    const write = ['--model', model, '--pairs', pairs, '--out', states];
    await script('write-states.ts', ...write, '--last', '30');
    await script('write-states.ts', ...write, '--last', '60');
    const lines = (await readFile(join(states, 'states.jsonl'), 'utf8')).trimEnd().split('\n');
    const numbers = lines.map((line) => (JSON.parse(line) as { readonly line: number }).line);
    assert.deepEqual(
      numbers,
      Array.from({ length: 60 }, (_, i) => i + 1),
    );

    const trainer = [join(PROJECT, 'reward/train_reward_head.py'), '--states', states, '--out', head, '--epochs', '5'];
    await run('uv', ['run', '--quiet', '--locked', '--project', PROJECT, 'python', ...trainer], { env });

    const measure = await script(
      'measure-accuracy.ts',
      '--reward',
      model,
      '--pairs',
      pairs,
      '--first',
      '61',
      '--last',
      '100',
    );
    const { accuracy, pairs: count, interval } = measured.parse(JSON.parse(measure));
    assert.equal(count, 40);
    assert.ok(accuracy > 0.9 && interval[0] > 0.75, measure);
  });
});
