import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { assertClose, logprobs } from '../../../test/fixtures/engine-assertions.ts';
import { openTinyEngine, someTokens, type TinyEngine } from '../../../test/fixtures/tiny-engine.ts';
import { attentionModel } from '../../../test/fixtures/tiny-gguf/attention-model.ts';
import { f32, type GgufContent, text, type WrittenTensor } from '../../../test/fixtures/tiny-gguf/gguf-content.ts';
import { randomTensors } from '../../../test/fixtures/tiny-gguf/random-tensors.ts';
import { writeGguf } from '../../../test/fixtures/tiny-gguf/write-gguf.ts';
import { findSource, nameModel } from '../../assembly/model-source.ts';
import { describeSetting } from '../../assembly/run-fingerprint.ts';
import { assertLoads } from './trial/model/assert-loads.ts';

const RANK = 4;
const ALPHA = 8;
const MODEL = attentionModel({ architecture: 'llama', seed: 1 });
/** In nats. The change is added to a product here and to a weight there, and the cache keeps 16 bits of what follows. */
const MERGED_ROUNDING = 1e-2;

function loraOf(names: readonly string[], seed: number): GgufContent {
  const { random } = randomTensors(seed);
  const tensors: Record<string, WrittenTensor> = {};
  for (const name of names) {
    const [inner = 0, outer = 0] = MODEL.tensors[name]!.dimensions;
    tensors[`${name}.lora_a`] = random(inner, RANK);
    tensors[`${name}.lora_b`] = random(RANK, outer);
  }
  const described = { 'general.type': text('adapter'), 'adapter.type': text('lora') };
  const metadata = { ...described, 'general.architecture': text('llama'), 'adapter.lora.alpha': f32(ALPHA) };
  return { metadata, tensors };
}

/** The model with W + scale · (alpha / rank) · B·A in place of each W. */
function merged(lora: GgufContent, scale: number): GgufContent {
  const tensors: Record<string, WrittenTensor> = { ...MODEL.tensors };
  for (const [name, weight] of Object.entries(MODEL.tensors)) {
    const [a, b] = [lora.tensors[`${name}.lora_a`]?.values, lora.tensors[`${name}.lora_b`]?.values];
    if (!a || !b) continue;
    const inner = weight.dimensions[0]!;
    const values = weight.values.map((value, index) => {
      const [row, column] = [Math.floor(index / inner), index % inner];
      let change = 0;
      for (let k = 0; k < RANK; k++) change += b[row * RANK + k]! * a[k * inner + column]!;
      return value + scale * (ALPHA / RANK) * change;
    });
    tensors[name] = { ...weight, values };
  }
  return { ...MODEL, tensors };
}

const WEIGHTS = ['blk.0.attn_q.weight', 'blk.0.ffn_down.weight', 'blk.1.attn_v.weight', 'blk.1.ffn_up.weight'];

suite('an adapter at run time', () => {
  let directory: string;
  let engine: TinyEngine;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wellbegun-adapter-'));
    engine = await openTinyEngine();
  });
  after(async () => {
    await engine.close();
    await rm(directory, { recursive: true });
  });

  async function written(name: string, content: GgufContent): Promise<string> {
    const path = join(directory, name);
    await writeGguf(path, content);
    return path;
  }

  for (const scale of [1, 0.5]) {
    test(`scores as the merged model does, at scale ${scale}`, async () => {
      const lora = loraOf(WEIGHTS, 5);
      const path = await written('scored.gguf', lora);
      const [prefix, response] = [someTokens(6), someTokens(40, 2)];
      const plain = await engine.openContent(MODEL);
      const adapted = await engine.openContent(MODEL, { path, scale });
      const whole = await engine.openContent(merged(lora, scale));
      const unchanged = logprobs(await plain.score(prefix, response));
      const scores = logprobs(await adapted.score(prefix, response));
      assertClose(scores, logprobs(await whole.score(prefix, response)), MERGED_ROUNDING);
      assert.ok(scores.some((score, i) => Math.abs(score - unchanged[i]!) > 0.1));
      assertClose(logprobs(await plain.score(prefix, response)), unchanged);
    });
  }

  test('is found with its model, and refused in words where it does not fit', async () => {
    const model = await written('model.gguf', MODEL);
    const find = (path: string) => findSource(nameModel(`${model}#lora=${path}`, 'draft'), {});
    const good = await written('good.gguf', loraOf(WEIGHTS, 5));
    assert.partialDeepStrictEqual(await find(good), { id: 'model+good', adapter: { path: good, scale: 1 } });

    const lora = loraOf(WEIGHTS, 5);
    const other = { ...lora, metadata: { ...lora.metadata, 'general.architecture': text('gemma3') } };
    await assert.rejects(find(await written('other.gguf', other)), { code: 'adapter-mismatch', message: /gemma3/ });
    const { random } = randomTensors(1);
    const wide = { ...lora, tensors: { ...lora.tensors, [`${WEIGHTS[0]}.lora_a`]: random(32, RANK) } };
    await assert.rejects(find(await written('wide.gguf', wide)), { code: 'adapter-mismatch', message: /shapes/ });
    await assert.rejects(find(model), { code: 'not-an-adapter' });
    await assert.rejects(find(join(directory, 'none.gguf')), { code: 'missing-file' });
    const cut = join(directory, 'cut.gguf');
    const bytes = await readFile(good);
    await writeFile(cut, bytes.subarray(0, bytes.length - 100));
    await assert.rejects(find(cut), { code: 'truncated-gguf' });
    assert.throws(() => nameModel(`${model}#lora=${good}&scale=x`, 'draft'), { code: 'bad-adapter' });
  });

  test('takes part in the trial load', async () => {
    const model = await written('tried.gguf', MODEL);
    const adapter = await written('tried-lora.gguf', loraOf(WEIGHTS, 5));
    const program = join(directory, 'says.mjs');
    await writeFile(program, `console.log('loading'); console.error('error: ' + process.argv[6]); process.exit(3);`);
    const trial = { build: { variant: 'test', backend: 'cpu' }, gpuLayers: 0, adapter } as const;
    await assert.rejects(assertLoads(model, { ...trial, program }), /tried\.gguf with .+tried-lora\.gguf/);
    await assertLoads(model, trial);
  });

  test('counts, with its scale, in what a run is known by', async () => {
    const model = await written('known.gguf', MODEL);
    const path = await written('known-lora.gguf', loraOf(WEIGHTS, 5));
    const hash = async (value: string) => {
      const described = await describeSetting('draft', value);
      return typeof described === 'string' ? assert.fail(described) : described.sha256;
    };
    const hashes = [
      await hash(model),
      await hash(`${model}#lora=${path}`),
      await hash(`${model}#lora=${path}&scale=0.5`),
    ];
    await writeGguf(path, loraOf(WEIGHTS, 6));
    hashes.push(await hash(`${model}#lora=${path}`));
    assert.equal(new Set(hashes).size, 4);
  });
});
