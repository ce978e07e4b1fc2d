import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { assertClose } from '../../test/fixtures/engine-assertions.ts';
import { averageAfter } from '../../test/fixtures/tiny-gguf/averaging-model.ts';
import { BYTE_BPE_TOKENS, IM_END, IM_START } from '../../test/fixtures/tiny-gguf/byte-bpe.ts';
import { BYTE_LEVEL_ALPHABET } from '../../test/fixtures/tiny-gguf/byte-level-alphabet.ts';
import { CLS, ENCODER_TOKENS, encoderModel, encoderOutputs, SEP } from '../../test/fixtures/tiny-gguf/encoder-model.ts';
import { text } from '../../test/fixtures/tiny-gguf/gguf-content.ts';
import { AVERAGING_REWARD, makeTinyRewards } from '../../test/fixtures/tiny-gguf/make-tiny-rewards.ts';
import { makeTinyModels } from '../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import { writeGguf } from '../../test/fixtures/tiny-gguf/write-gguf.ts';
import { assertReadsPairs } from '../models/gguf/assert-reads-pairs.ts';
import { readGgufHeader } from '../models/gguf/read-gguf-header.ts';
import { rewardsOf } from '../core/rewards-of.ts';
import { type Machine, openMachine } from './machine.ts';
import { openReward } from './open-reward.ts';

/** Letters that no merge joins are tokens of their own. */
const letters = (text: string): number[] =>
  [...Buffer.from(text)].map((byte) => BYTE_BPE_TOKENS.indexOf(BYTE_LEVEL_ALPHABET[byte]!));
const turn = (role: string, content: string): number[] => [
  IM_START,
  ...letters(`${role}\n${content}`),
  IM_END,
  ...letters('\n'),
];
const question = [{ role: 'user', content: 'Q?' }] as const;

suite('openReward', () => {
  let folder: string;
  let decoder: string;
  let encoder: string;
  let machine: Machine;
  const open = (reference: string) =>
    openReward(reference, {}, { parallel: 2, machine: () => Promise.resolve(machine) });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-open-reward-'));
    process.env['WELLBEGUN_CACHE'] = join(folder, 'cache');
    ({ decoder, encoder } = await makeTinyRewards(folder));
    machine = await openMachine({ threads: 1 });
  });
  after(async () => {
    await machine.lane.close();
    delete process.env['WELLBEGUN_CACHE'];
    await rm(folder, { recursive: true });
  });

  test('the tiny reward models stay under 1 MB', async () => {
    for (const path of [decoder, encoder]) assert.ok((await stat(path)).size < 1_000_000, path);
  });

  test('a decoder with the head beside it reads the whole conversation in its template', async () => {
    const model = await open(decoder);
    const expected = (response: string): number => {
      const tokens = [...turn('user', 'Q?'), ...turn('assistant', response)];
      return AVERAGING_REWARD.scale * averageAfter(tokens) + AVERAGING_REWARD.bias;
    };
    const responses = ['', 'zZz', 'x<|im_end|>'];
    assertClose(await rewardsOf(model, question, responses), responses.map(expected), 0.02);
    assertClose([await model.reward(question, 'zZz')], [expected('zZz')], 0.02);
    assert.ok(Math.abs(expected('') - expected('zZz')) > 0.1);
    await model.close();
    await assert.rejects(model.reward(question, 'a'), { code: 'model-closed' });
  });

  test('a head and a template may be named', async () => {
    const lone = join(folder, 'lone.gguf');
    await copyFile(decoder, lone);
    await assert.rejects(open(lone), { name: 'ModelFileError', message: /lone\.reward\.safetensors .*no such file/ });
    const template = join(folder, 'own.jinja');
    await writeFile(template, "{{ messages[-1]['content'] }}");
    const head = join(folder, 'averaging.reward.safetensors');
    const model = await open(`${lone}#head=${head}&template=${template}`);
    const expected = AVERAGING_REWARD.scale * averageAfter(letters('zZz')) + AVERAGING_REWARD.bias;
    assertClose([await model.reward(question, 'zZz')], [expected], 0.02);
    await model.close();
    await assert.rejects(open(`${lone}#head=${head}&template=${template}.not`), { code: 'unreadable-file' });
    await assert.rejects(open(`${decoder}#label=good`), { code: 'bad-reward', message: /leave #label= out/ });
  });

  test('a head of another model is refused', async () => {
    const { attention } = await makeTinyModels(folder);
    await assert.rejects(open(`${attention}#head=${join(folder, 'averaging.reward.safetensors')}`), {
      code: 'head-does-not-fit',
    });
  });

  test('a classifier is known by its own tensors', async () => {
    const model = await open(encoder);
    const tokens = [
      CLS,
      ...['▁be', '▁kind'].map((token) => ENCODER_TOKENS.indexOf(token)),
      SEP,
      ENCODER_TOKENS.indexOf('▁never'),
      SEP,
    ];
    const rewards = await rewardsOf(model, [{ role: 'user', content: 'Be kind' }], ['never']);
    assertClose(rewards, [encoderOutputs(1, tokens)[0]!], 0.002);
    await model.close();
    await assert.rejects(open(`${encoder}#head=x`), { code: 'bad-reward', message: /leave #head= out/ });
  });

  test('a template that fails leaves no model behind', async () => {
    const template = join(folder, 'broken.jinja');
    await writeFile(template, '{% for %}');
    const freed: unknown[] = [];
    const library = { ...machine.library, modelFree: (model: unknown) => freed.push(model) };
    for (const model of [decoder, encoder]) {
      const before = freed.length;
      await assert.rejects(
        openReward(`${model}#template=${template}`, {}, { machine: () => Promise.resolve({ ...machine, library }) }),
      );
      assert.equal(freed.length, before + 1, model);
    }
  });

  test('a classifier with several classes is asked for one', async () => {
    const path = join(folder, 'classes.gguf');
    await writeGguf(path, encoderModel(['bad', 'good']));
    await assert.rejects(open(path), { code: 'bad-label' });
    const model = await open(`${path}#label=good`);
    assert.ok(Number.isFinite(await model.reward(question, 'never')));
    await model.close();
  });

  test('a classifier of pairs with two token types is refused before it is loaded, one that reads a single text is not', async () => {
    const path = join(folder, 'two-types.gguf');
    const { metadata, tensors } = encoderModel(['reward'], 2);
    await writeGguf(path, { metadata, tensors });
    await assert.rejects(open(path), {
      name: 'ModelFileError',
      code: 'two-token-types',
      message: /two-types tells question and answer apart by 2 token types/,
    });
    const template = join(folder, 'one-text.jinja');
    await writeFile(template, '{% for message in messages %}{{ message.content }} {% endfor %}');
    await (await open(`${path}#template=${template}`)).close();
    // A tokenizer that marks no second text.
    await writeGguf(path, { metadata: { ...metadata, 'tokenizer.ggml.model': text('t5') }, tensors });
    assertReadsPairs(await readGgufHeader(path), 'marks-nothing');
  });

  test('a reward on a server opens no machine', async () => {
    const machineless = () => assert.fail('the machine was opened');
    const model = await openReward('vllm:http://localhost:1', {}, { machine: machineless });
    await assert.rejects(model.reward(question, 'x'), { name: 'EngineError' });
    await model.close();
  });

  test('what is no model, and an address that is none, are refused', async () => {
    await assert.rejects(open('nonsense'), { name: 'ConfigError', code: 'unknown-model' });
    await assert.rejects(open('vllm:nonsense'), { name: 'ConfigError', code: 'bad-address' });
    await assert.rejects(open('judge:http://user:secret@h'), {
      code: 'secret-in-address',
      message: /^(?!.*secret@).*$/s,
    });
    await assert.rejects(open('sglang:http://localhost:1'), { code: 'no-chat-template' });
  });
});
