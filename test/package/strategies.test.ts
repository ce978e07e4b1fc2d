import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { type RunResult, runResult } from '../../src/assembly/run-result.ts';
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { assertRefused, makePlace, type Place } from './support.ts';

suite('--strategy', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  const json = async (...args: string[]): Promise<RunResult> => {
    const { stdout, stderr, code } = await place.run(['run', '--json', '--max-tokens', '30', ...args, 'hi']);
    assert.equal(code, 0, stderr);
    const parsed: unknown = JSON.parse(stdout);
    const result = runResult.parse(parsed);
    assert.deepEqual(parsed, result, 'no field that the contract does not know');
    assert.equal(result.tokens.map(({ text }) => text).join(''), result.text);
    return result;
  };

  test('nudging tells the story with words of the draft', async () => {
    const { text, strategy, tokens, switch: change, models } = await json('--strategy', 'nudging(threshold=0.5)');
    assert.deepEqual([text, strategy, change], [STORY, 'nudging', null]);
    assert.deepEqual(models, { base: 'sentencepiece', draft: 'byte-bpe' });
    assert.ok(tokens.some(({ source }) => source === 'draft') && tokens.some(({ source }) => source === 'base'));
    const { stderr } = await place.run(['run', '--strategy', 'nudging', 'hi']);
    assert.match(stderr, /^nudging, \d+% nudged · 24 tokens · /u);
  });

  test('handback and recheck begin like wsd', async () => {
    for (const strategy of ['handback', 'recheck(confidence=0)']) {
      const result = await json('--strategy', strategy);
      assert.deepEqual([result.text, result.switch?.index], [STORY, 16]);
    }
  });

  test('urial reads its examples from a file, and says what is wrong with one', async () => {
    const path = join(await place.newFolder(), 'examples.txt');
    await writeFile(path, '[User]\nA story?\n\n[Assistant]\nOnce.\n');
    const plain = await json('--strategy', 'base');
    const { usage, strategy } = await json('--strategy', 'urial', '--urial-examples', path);
    assert.ok(strategy === 'urial' && usage.promptTokens > plain.usage.promptTokens);
    await writeFile(path, 'A story?');
    const refused = await place.run(['run', '--strategy', 'urial', '--urial-examples', path, 'hi']);
    assertRefused(refused, { code: 2, says: /examples for urial can't be used: it begins with text/u });
    const missing = await place.run(['run', '--strategy', 'urial', '--urial-examples', '/no/such', 'hi']);
    assertRefused(missing, { code: 2, says: /\/no\/such/u });
  });

  test("aligner takes its model's prompt from a file, which has places for the question and the answer", async () => {
    const folder = await place.newFolder();
    const given = async (text: string) => {
      const file = join(folder, 'prompt.txt');
      await writeFile(file, text);
      const models = ['--strategy', 'aligner', '--aligner', place.models['byte-bpe']];
      return await place.run(['run', 'hi', ...models, '--aligner-prompt', file, '--json']);
    };
    const whole = await given('##Question: {question} ##Answer: {answer} ##Correction: ');
    assert.equal(whole.code, 0, whole.stderr);
    const half = await given('##Question: {question}');
    assert.equal(half.code, 2);
    assert.match(half.stderr, /^wellbegun: --aligner-prompt must have \{answer\} once: say where it belongs\.$/m);
    const unused = await place.run(['run', 'hi', '--aligner-prompt', join(folder, 'prompt.txt')]);
    assert.match(unused.stderr, /wsd does not use --aligner-prompt/);
  });

  test('aligner loads the base and the second model, not the draft', async () => {
    const { models, tokens, usage } = await json(
      ...['--strategy', 'aligner', '--aligner', place.models['byte-bpe'], '--draft', '/no/such.gguf'],
    );
    assert.deepEqual(models, { base: 'sentencepiece', draft: null, aligner: 'byte-bpe' });
    assert.ok(tokens.every(({ source }) => source === 'draft'));
    assert.ok(usage.discardedTokens !== undefined);
  });

  test('a model that a strategy needs, and nobody named, is asked for before anything is loaded', async () => {
    for (const [strategy, says] of [
      ['args', /needs a reward model: name one with --reward MODEL/u],
      ['best-of-n(2)', /needs a reward model/u],
      ['cards', /needs a reward model/u],
      ['aligner', /needs an aligner: name one with --aligner MODEL/u],
    ] as const) {
      assertRefused(await place.run(['run', '--strategy', strategy, '--base', '/no/such.gguf', 'hi']), {
        code: 2,
        says,
      });
    }
  });

  test('what is no strategy is refused at its place', async () => {
    for (const [strategy, says] of [
      ['nudge', /there is no strategy "nudge" \(did you mean nudging\?\); there are wsd, base/u],
      ['nudging(treshold=1)', /wrong at character 9: nudging has no "treshold" \(did you mean threshold\?\)/u],
      ['nudging(threshold=2)', /threshold of nudging must be from 0 to 1, not 2/u],
      ['wsd(6)', /one number too many; write wsd/u],
    ] as const) {
      assertRefused(await place.run(['run', '--strategy', strategy, 'hi']), { code: 2, says });
    }
  });

  test('chat, environment and config file know the same words', async () => {
    const chat = await place.run(['chat', '--strategy', 'nudging'], { input: 'hi\n/exit\n' });
    assert.match(chat.stdout, new RegExp(`^${STORY}`, 'u'));
    const { strategy } = JSON.parse(
      (await place.run(['run', '--json', 'hi'], { env: { WELLBEGUN_STRATEGY: 'nudging(0.3)' } })).stdout,
    ) as RunResult;
    assert.equal(strategy, 'nudging');
    const cwd = await place.newFolder();
    await writeFile(join(cwd, 'wellbegun.config.json'), '{"strategy": "handback(exchanges=1)"}');
    const configured = await place.run(['run', '--json', 'hi'], { cwd });
    assert.equal((JSON.parse(configured.stdout) as RunResult).strategy, 'handback');
  });
});

suite('doctor --pair', () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  test('answers twenty prompts, and says how well the pair matches', async () => {
    const { stdout, stderr, code } = await place.run(['doctor', '--pair', '--pair-tokens', '12']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^byte-bpe → sentencepiece: match (good|unclear)\n\nNudging took \d+% of the tokens/u);
    assert.match(stderr, /20 of 20 prompts answered/u);
    const json = await place.run(['doctor', '--pair', '--json', '--pair-tokens', '12']);
    const diagnosis = JSON.parse(json.stdout) as { nudgedShares: number[]; match: string; prompts: number };
    assert.deepEqual([diagnosis.nudgedShares.length, diagnosis.prompts], [20, 20]);
    assert.ok(stdout.includes(`match ${diagnosis.match}`));
  });

  test('refuses what is no number of tokens', async () => {
    const refused = await place.run(['doctor', '--pair', '--pair-tokens', '0']);
    assertRefused(refused, { code: 2, says: /--pair-tokens must be a whole number of at least 1, not 0: give one/u });
    assertRefused(await place.run(['doctor', '--draft', 'x']), { code: 2, says: /--draft is for --pair/u });
  });
});
