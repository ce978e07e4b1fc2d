import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { type RunResult, runResult } from '../../src/assembly/run-result.ts';
import { catalogue } from '../../src/models/catalogue.ts';
import { PROMPTS, wellbegun } from './support.ts';

const SHORT = ['--max-draft', '32', '--max-tokens', '24'];

async function json(...args: string[]): Promise<RunResult> {
  const { stdout, stderr, code } = await wellbegun(['run', '--json', ...args]);
  assert.equal(code, 0, stderr);
  const result = runResult.parse(JSON.parse(stdout));
  assert.equal(result.tokens.map(({ text }) => text).join(''), result.text);
  const kept = result.tokens.filter(({ source }) => source === 'draft');
  assert.equal(result.switch?.index ?? kept.length, kept.length);
  assert.ok(kept.every(({ logprob }) => logprob !== null && logprob <= 0));
  return result;
}

/** By the last line of a run: the time from its first token to its end. */
function writingTime(stderr: string): number {
  const [, tokens, perSecond, firstS] = /(\d+) tokens.* ([\d.]+) tokens\/s · first ([\d.]+) s/.exec(stderr) ?? [];
  return 1000 * (Number(tokens) / Number(perSecond) - Number(firstS));
}

suite('the command line on the default pair', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-live-'))));
  after(() => rm(folder, { recursive: true }));

  test('streams an answer, token by token', async () => {
    for (const prompt of PROMPTS.slice(0, 2)) {
      const arrivals: number[] = [];
      const onOutput = () => void arrivals.push(performance.now());
      const { stdout, stderr, code } = await wellbegun(['run', prompt, '--max-tokens', '60', '--max-draft', '60'], {
        onOutput,
      });
      assert.equal(code, 0, stderr);
      assert.ok(stdout.trim().length > 40, stdout);
      assert.match(stderr, /k = \d+ base tokens \(.*\) · \d+ tokens.* tokens\/s/);
      const writingMs = writingTime(stderr);
      assert.ok(writingMs > 0, stderr);
      assert.ok(arrivals.length > 10, `${arrivals.length} pieces`);
      // What is written at the end only arrives in one instant.
      const spreadMs = arrivals.at(-1)! - arrivals[0]!;
      assert.ok(spreadMs > 0.2 * writingMs, `arrived within ${spreadMs} ms, was written in ${writingMs}`);
    }
  });

  test('--json keeps the contract', async () => {
    const result = await json(PROMPTS[0]!, '--max-tokens', '24');
    const [window, gamma] = [6, 0.8];
    const kept = result.tokens.filter(({ source }) => source === 'draft');
    for (const [i, token] of kept.entries()) {
      if (i < window - 1) {
        assert.equal(token.window, null);
        continue;
      }
      const logprobs = kept.slice(i - window + 1, i + 1).map(({ logprob }) => logprob!);
      const mean = Math.exp(logprobs.reduce((sum, logprob) => sum + logprob, 0) / window);
      assert.ok(Math.abs(token.window! - mean) < 1e-9);
      assert.ok(token.window! < gamma || i === kept.length - 1, 'the first window to reach gamma is the last');
    }
    if (result.switch?.reason === 'confident') assert.ok(kept.at(-1)!.window! >= gamma);
    assert.deepEqual(result.models, catalogue.defaultPair);
    assert.ok(result.timings.firstTokenMs! > 0 && result.usage.promptTokens > 5);
  });

  test('answers a conversation of several turns', async () => {
    const path = join(folder, 'messages.json');
    const turns = [
      { role: 'system', content: 'You answer in one sentence.' },
      { role: 'user', content: 'Name a river in Europe.' },
      { role: 'assistant', content: 'The Danube flows through Europe.' },
      { role: 'user', content: 'Which sea does it flow into?' },
    ];
    await writeFile(path, JSON.stringify(turns));
    const result = await json('--messages', path, ...SHORT);
    assert.ok(result.text.trim().length > 0);
    assert.doesNotMatch(result.text, /\[(User|System|Assistant)\]/);
  });

  test('takes and gives emoji, Chinese and Japanese without a broken character', async () => {
    for (const prompt of ['Repeat after me: 🙂🎉👩‍👩‍👧 你好，世界！', '日本の首都はどこですか。🙂']) {
      let pieces = '';
      const onOutput = (text: string) => void (pieces += text);
      const { stdout } = await wellbegun(['run', ...SHORT], { input: prompt, onOutput });
      assert.equal(pieces, stdout);
      assert.ok(stdout.isWellFormed() && !stdout.includes('\u{FFFD}'), stdout);
      const result = await json(prompt, '--max-draft', '48', '--max-tokens', '8', '--gamma', '1');
      assert.ok(result.tokens.every(({ text }) => text.isWellFormed() && !text.includes('\u{FFFD}')));
    }
  });

  test('runs Gemma as draft and base, with a template for the draft', async () => {
    const template = join(folder, 'questions.jinja');
    await writeFile(template, '{{ bos_token }}{% for message in messages %}Q: {{ message.content }}\nA:{% endfor %}');
    const args = ['--draft', 'gemma-3-270m', '--draft-template', template, '--template', 'plain', '--gamma', '0.5'];
    const result = await json('Why is the sky blue?', ...args, ...SHORT);
    assert.deepEqual(result.models, { base: 'gemma-3-270m', draft: 'gemma-3-270m' });
    assert.ok(result.usage.keptDraftTokens > 0);
  });

  test('--seed makes sampling repeatable, and greedy is repeatable anyway', async () => {
    const sampled = ['--temperature', '1', '--top-p', '0.9', '--top-k', '40', '--min-p', '0.05', '--seed'];
    const [a, b, other] = [
      await json(PROMPTS[2]!, ...SHORT, ...sampled, '7'),
      await json(PROMPTS[2]!, ...SHORT, ...sampled, '7'),
      await json(PROMPTS[2]!, ...SHORT, ...sampled, '8'),
    ];
    assert.equal(a.text, b.text);
    assert.notEqual(a.text, other.text);
    assert.equal((await json(PROMPTS[3]!, ...SHORT)).text, (await json(PROMPTS[3]!, ...SHORT)).text);
  });

  test('--kv-type q8_0 answers with half the cache', async () => {
    const sizeOf = async (type: string) => {
      const { stdout, stderr } = await wellbegun(['run', PROMPTS[0]!, ...SHORT, '--kv-type', type, '--debug']);
      assert.ok(stdout.trim().length > 0);
      const sizes = [...stderr.matchAll(/llama_kv_cache: size = +([\d.]+) MiB/g)];
      return sizes.reduce((sum, [, size]) => sum + Number(size), 0);
    };
    assert.ok(Math.abs((await sizeOf('q8_0')) / (await sizeOf('f16')) - 34 / 64) < 0.01);
  });

  test('--compare shows all three', async () => {
    const { stderr, code } = await wellbegun(['run', '--compare', PROMPTS[0]!, ...SHORT]);
    assert.equal(code, 0);
    assert.match(stderr, /\nbase .* 1\.00\ndraft .*\nwsd .* k = \d+ base tokens \(/);
  });
});
