import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { attentionModel } from '../fixtures/tiny-gguf/attention-model.ts';
import { writeGguf } from '../fixtures/tiny-gguf/write-gguf.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const KILL_IN_SAVE = join(import.meta.dirname, 'kill-in-save');

const pair = (i: number): string =>
  JSON.stringify({
    prompt: [{ role: 'user', content: `Name ${i}.` }],
    chosen: [{ role: 'assistant', content: `Yes, ${i} is fine.` }],
    rejected: [{ role: 'assistant', content: `No ${i * 7}!` }],
  });

// The first run may have to fetch torch.
suite('wellbegun train', { timeout: 1_800_000 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-train-'));
    await writeGguf(join(folder, 'tiny.gguf'), attentionModel({ architecture: 'llama', seed: 3 }));
    await writeFile(join(folder, 'pairs.jsonl'), Array.from({ length: 8 }, (_, i) => pair(i)).join('\n'));
  });
  after(() => rm(folder, { recursive: true }));

  async function recipe(name: string, changes: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const path = join(folder, `${name}.yaml`);
    const settings = {
      method: 'dpo',
      model: join(folder, 'tiny.gguf'),
      data: join(folder, 'pairs.jsonl'),
      output: join(folder, name),
      batch: 2,
      accumulate: 2,
      save_steps: 1,
      learning_rate: 0.01,
      warmup: 0,
      threads: 1,
      lora: { rank: 2, alpha: 4 },
      ...changes,
    };
    await writeFile(path, JSON.stringify(settings));
    return path;
  }

  const losses = async (name: string): Promise<unknown[]> =>
    (await readFile(join(folder, name, 'steps.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { loss: number }).loss);

  test('goes on after a kill in the middle of a save, with the losses of a run without one', async () => {
    const whole = await train(await recipe('whole'));
    assert.equal(whole.code, 0, whole.stderr);
    const cut = await recipe('cut');
    const killed = await train(cut, { PYTHONPATH: KILL_IN_SAVE, KILL_IN_SAVE: '2' });
    assert.equal(killed.code, 1);
    assert.ok(!(await readdir(join(folder, 'cut/checkpoints/checkpoint-2'))).includes('complete'));

    const resumed = await train(cut);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stderr, /checkpoint-2 was cut off while it was saved, and is removed/);
    assert.match(resumed.stderr, /Going on after step 1 of 2/);
    assert.deepEqual(await losses('cut'), await losses('whole'));
    assert.equal(resumed.stdout.trim(), join(folder, 'cut/adapter'));
    assert.deepEqual(
      await readFile(join(folder, 'cut/adapter/adapter_model.safetensors')),
      await readFile(join(folder, 'whole/adapter/adapter_model.safetensors')),
    );
    assert.match(await readFile(join(folder, 'cut/curves.svg'), 'utf8'), /<polyline/);
  });

  for (const method of ['sft', 'kto', 'reward']) {
    test(`trains by ${method}`, async () => {
      const { code, stderr } = await train(await recipe(method, { method, steps: 1 }));
      assert.equal(code, 0, stderr);
    });
  }

  test('stops at a loss that is no number, and names the line', async () => {
    const { code, stderr } = await train(
      await recipe('nan', { learning_rate: 0.99, epochs: 40, lora: { rank: 2, alpha: 1e38 } }),
    );
    assert.equal(code, 1);
    assert.match(stderr, /is (nan|inf) (at|after) step \d+, for lines? \d/);
  });

  test('says when nothing is trained', async () => {
    const { code, stderr } = await train(await recipe('nothing', { learning_rate: 1e-300 }));
    assert.equal(code, 1);
    assert.match(stderr, /Nothing is trained: after step 2 each weight is as it was/);
  });
});

function train(recipe: string, env: NodeJS.ProcessEnv = {}) {
  const args = [join(ROOT, 'src/cli/main.ts'), 'train', recipe];
  return new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    execFile(process.execPath, args, { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}
